import { itemsOf } from './natives';
import { PyBytes, PyDict, PyFloat, PyGlobal, PyObject, PyPersistent, PySet, PyTuple, type PyValue } from './values';

const ITEMS = 16;
const DEPTH = 4;

/** A value about as Python prints it, in at most `limit` characters. */
export function printed(value: PyValue, limit = 500): string {
  const text = print(value, DEPTH, limit);
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}\u2026`;
}

function print(value: PyValue, depth: number, limit: number): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return depth === DEPTH ? value.slice(0, limit + 1) : `'${value.slice(0, limit)}'`;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'bigint') return value.toString().slice(0, limit + 1);
  if (value instanceof PyFloat) return float(value.value);
  if (value instanceof PyBytes) return `<${value.length} bytes>`;
  if (value instanceof PyGlobal) return `<${value.path}>`;
  if (value instanceof PyPersistent) return '<storage>';
  if (value instanceof PyObject) return `<${value.type === '' ? 'computed' : value.type}>`;
  if (depth === 0) return '\u2026';
  if (value instanceof PyDict) return `{${pairs(value, depth, limit)}}`;
  const items = list(itemsOf(value) ?? [], depth, limit);
  if (value instanceof PyTuple) return value.items.length === 1 ? `(${items},)` : `(${items})`;
  return value instanceof PySet ? `{${items}}` : `[${items}]`;
}

/** As Python's `repr` writes a float. */
function float(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits, power] = value.toExponential().split('e');
    return `${digits}e${(power ?? '').replace(/^([+-])(\d)$/, '$10$2')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function list(items: readonly PyValue[], depth: number, limit: number): string {
  const shown = items.slice(0, ITEMS).map((item) => print(item, depth - 1, limit));
  return [...shown, ...(items.length > ITEMS ? [`\u2026 ${items.length} in all`] : [])].join(', ');
}

function pairs({ entries }: PyDict, depth: number, limit: number): string {
  const shown: string[] = [];
  for (const [key, value] of entries) {
    if (shown.length === ITEMS) {
      shown.push(`\u2026 ${entries.size} in all`);
      break;
    }
    shown.push(`${print(key, depth - 1, limit)}: ${print(value, depth - 1, limit)}`);
  }
  return shown.join(', ');
}
