import type { Finding } from '../model';
import { isAmong, words } from '../operators/meaning';
import type { AttentionCore, BlockResult } from './blocks';
import { type Flow, flowOf } from './blocks/flow';
import type { CostResult } from './cost';
import type { ScopeShapes, ShapeResult } from './shapes/types';

/** Stored tables of position biases that have an entry for each pair of tokens. */
export interface ExpandedTables {
  readonly tables: number;
  /** Elements that they have more than tables with an entry for each offset. */
  readonly surplus: bigint;
  readonly findings: readonly Finding[];
}

/** Steps from the softmax back to the scores: biases, masks and scales are few. */
const MAX_STEPS = 16;
const ADDS = words('add');
const VIEWS = words('reshape', 'transpose', 'squeeze', 'unsqueeze', 'identity', 'flatten');

/**
 * Relative position bias (Swin's `relative_position_bias_table`, BEiT's, CoAtNet's) that an exporter has written out:
 * frameworks keep a parameter for each offset within a window of w x w tokens, (2w - 1)^2 a head, and look it up for
 * each of the w^4 pairs; where the look-up is folded, the file stores `[1, heads, w * w, w * w]`.
 */
export function expandedTables(shapes: ShapeResult, costs: CostResult, { attention }: BlockResult): ExpandedTables {
  const found = new Map<string, { readonly stored: bigint; readonly kept: bigint; readonly node: string }>();
  const { main } = shapes;
  const flow = flowOf(shapes, main, null);
  const numbers = new Map(flow.ids.map((id, index) => [id, index]));
  for (const core of attention) {
    const softmax = numbers.get(core.softmaxNode);
    if (softmax === undefined || core.fused) continue;
    for (const { adds, value } of addedTables(flow, softmax, core)) {
      const kept = entriesOf(core);
      const stored = BigInt(core.heads) * BigInt(core.queries) * BigInt(core.keys);
      const counted = costs.of(main)[adds]?.parameters ?? 0n;
      if (kept !== null && kept < stored && !found.has(value) && isParameter(shapes, main, value, counted, stored)) {
        found.set(value, { stored, kept, node: flow.ids[adds] ?? '' });
      }
    }
  }
  const all = [...found.values()];
  const surplus = all.reduce((sum, { stored, kept }) => sum + stored - kept, 0n);
  return { tables: all.length, surplus, findings: finding(all, costs, surplus) };
}

function finding(
  all: readonly { readonly stored: bigint; readonly node: string }[],
  costs: CostResult,
  surplus: bigint,
): readonly Finding[] {
  const [first] = all;
  if (!first) return [];
  const stored = all.reduce((sum, table) => sum + table.stored, 0n);
  const parameters = costs.main.reduce((sum, cost) => sum + cost.parameters, 0n);
  const tables = all.length === 1 ? 'A position table is' : `${all.length} position tables are`;
  const message =
    `${tables} stored with a bias for each pair of tokens (${grouped(stored)} elements, counted as they stand). Where a framework keeps one for ` +
    `each offset, as Swin does, and its exporter has expanded it, the model has ${grouped(parameters - surplus)} parameters, not ${grouped(parameters)}.`;
  return [{ code: 'expanded-table', message, node: first.node }];
}

function grouped(count: bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Entries of a table by offset, for square windows, with BEiT's three more where a class token stands in front; `null` for others. */
function entriesOf({ heads, queries, keys }: AttentionCore): bigint | null {
  if (queries !== keys) return null;
  for (const [tokens, more] of [
    [queries, 0],
    [queries - 1, 3],
  ] as const) {
    const side = Math.round(Math.sqrt(tokens));
    if (side > 1 && side * side === tokens) return BigInt(heads) * BigInt((2 * side - 1) ** 2 + more);
  }
  return null;
}

/** Stored values of the shape of one window's scores that are added to them before the softmax. */
function addedTables(flow: Flow, softmax: number, core: AttentionCore): readonly { readonly adds: number; readonly value: string }[] {
  const tables: { readonly adds: number; readonly value: string }[] = [];
  const pending = [softmax];
  const seen = new Set(pending);
  for (let index = pending.pop(); index !== undefined && seen.size < MAX_STEPS; index = pending.pop()) {
    if (flow.ids[index] === core.scoresNode) continue;
    for (const name of flow.nodes[index]?.inputs ?? []) {
      const value = isAmong(flow.meanings[index] ?? null, ADDS) ? storedBehind(flow, name) : null;
      const shape = value === null ? null : flow.shape(name);
      if (value !== null && shape && isTable(shape, core)) tables.push({ adds: index, value });
    }
    for (const before of flow.before[index] ?? []) {
      if (seen.has(before)) continue;
      seen.add(before);
      pending.push(before);
    }
  }
  return tables;
}

function isTable(shape: readonly number[], { heads, queries, keys }: AttentionCore): boolean {
  const elements = shape.reduce((product, extent) => product * extent, 1);
  return heads > 0 && shape.at(-2) === queries && shape.at(-1) === keys && elements === heads * queries * keys;
}

/** The stored tensor that a value is, its axes moved perhaps; `null` where something is computed of it. */
function storedBehind(flow: Flow, name: string): string | null {
  let value = name;
  for (let step = 0; step < MAX_STEPS; step++) {
    if (value === '' || flow.origin(value) !== 'constant') return null;
    const index = flow.producer(value);
    if (index < 0 || flow.nodes[index]?.inputs.length === 0) return value;
    if (!isAmong(flow.meanings[index] ?? null, VIEWS)) return null;
    value = flow.nodes[index]?.inputs[0] ?? '';
  }
  return null;
}

/** Masks are no parameters; a table behind a view is counted where the view reads it. */
function isParameter(shapes: ShapeResult, scope: ScopeShapes, value: string, counted: bigint, stored: bigint): boolean {
  if (counted >= stored) return true;
  const fact = shapes.fact(value, scope);
  return (
    fact.kind === 'tensor' &&
    fact.dtype.startsWith('float') &&
    scope.wiring.producer[scope.wiring.value(value)] !== undefined &&
    counted === 0n
  );
}
