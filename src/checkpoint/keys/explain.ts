import type { FusedKeys, KeyMatch, KeyPair } from './key';
import { type ReshapeReason, reshapeReason } from './reshape';
import { type NameRule, type Renaming, renamingOf } from './rules';

/** One likely reason why a checkpoint does not load, for how many tensors. */
export interface KeyReason {
  readonly kind: 'prefix' | 'rename' | 'names' | 'split-qkv' | 'fuse-qkv' | ReshapeReason['kind'] | 'section';
  readonly count: number;
  /** One sentence. */
  readonly message: string;
  /** The first tensor that it is about, by its name in the checkpoint. */
  readonly example: string;
}

/** Why a checkpoint does not load, and what mends it. */
export interface KeyExplanation {
  readonly reasons: readonly KeyReason[];
  /** Python that turns `state` into what the model loads; `''` where it loads as it is. */
  readonly snippet: string;
}

/** Lines of names that a snippet writes out one by one. */
const MOST_EXPLICIT = 200;

/** Says in sentences and in Python what a match found. */
export function explainKeys(match: KeyMatch): KeyExplanation {
  const renaming = renamingOf(
    match.pairs,
    match.removed.map(({ name }) => name),
  );
  const reshapes = groupReshapes(match.pairs);
  const reasons: KeyReason[] = [
    ...renaming.rules.map(nameReason),
    ...namesReason(renaming.explicit),
    ...fusedReasons(match.fused),
    ...[...reshapes.values()].map(reshapeSentence),
  ];
  if (reasons.length === 0) return { reasons, snippet: '' };
  const lines = [...importsFor(renaming.rules, match, reshapes), ...renameCode(renaming, match.fused), ...reshapeCode(reshapes)];
  return { reasons: reasons.sort((a, b) => b.count - a.count), snippet: `${lines.join('\n')}\nmodel.load_state_dict(state, strict=False)` };
}

function sources({ fused, whole, parts }: FusedKeys): readonly string[] {
  return fused === 'from' ? [whole.name] : parts.map(({ name }) => name);
}

function nameReason({ from, to, count, example }: NameRule): KeyReason {
  const keys = count === 1 ? '1 key' : `${count} keys`;
  if (to === '')
    return {
      kind: 'prefix',
      count,
      example,
      message: `${keys} ${count === 1 ? 'begins' : 'begin'} with "${from}", which the model's do not.`,
    };
  if (from === '')
    return {
      kind: 'prefix',
      count,
      example,
      message: `${keys} ${count === 1 ? 'lacks' : 'lack'} the "${to}" that the model's begin with.`,
    };
  return { kind: 'rename', count, example, message: `${keys} ${count === 1 ? 'is' : 'are'} under "${from}" where the model has "${to}".` };
}

function namesReason(explicit: readonly (readonly [string, string])[]): readonly KeyReason[] {
  const changed = explicit.filter(([from, to]) => from !== to);
  const [first] = changed;
  if (!first) return [];
  return [
    {
      kind: 'names',
      count: changed.length,
      example: first[0],
      message: `${changed.length} more keys have other names, such as "${first[0]}" for "${first[1]}".`,
    },
  ];
}

function fusedReasons(fused: readonly FusedKeys[]): readonly KeyReason[] {
  return (['from', 'to'] as const).flatMap((side) => {
    const those = fused.filter((one) => one.fused === side);
    const [first] = those;
    if (!first) return [];
    const example = sources(first)[0] ?? '';
    const message =
      side === 'from'
        ? `${those.length} attention tensors hold q, k and v together; the model has them apart ("${first.whole.name}" for "${first.parts[0].name}" and its kin).`
        : `${those.length} attention tensors hold q, k and v together in the model; the checkpoint has them apart ("${example}" and its kin for "${first.whole.name}").`;
    return [{ kind: side === 'from' ? ('split-qkv' as const) : ('fuse-qkv' as const), count: those.length, example, message }];
  });
}

interface ReshapeGroup {
  readonly reason: ReshapeReason;
  readonly pairs: KeyPair[];
}

function groupReshapes(pairs: readonly KeyPair[]): ReadonlyMap<string, ReshapeGroup> {
  const groups = new Map<string, ReshapeGroup>();
  for (const pair of pairs) {
    const reason = reshapeReason(pair);
    if (!reason) continue;
    const key = JSON.stringify(reason);
    const group = groups.get(key) ?? { reason, pairs: [] };
    groups.set(key, group);
    group.pairs.push(pair);
  }
  return groups;
}

function reshapeSentence({ reason, pairs }: ReshapeGroup): KeyReason {
  const [first] = pairs;
  const count = pairs.length;
  const example = first?.from.name ?? '';
  const shapes = `"${example}" [${first?.from.shape.join(', ')}] for [${first?.to.shape.join(', ')}]`;
  return { kind: reason.kind, count, example, message: `${sentenceOf(reason)} (${shapes}${count > 1 ? ` and ${count - 1} more` : ''}).` };
}

function sentenceOf(reason: ReshapeReason): string {
  switch (reason.kind) {
    case 'classes':
      return `The head gives ${reason.from} classes, the model ${reason.to}: it begins anew`;
    case 'positionGrid':
      return `Positions are of a grid of ${reason.from.join('x')}, the model's of ${reason.to.join('x')}${reason.extra > 0 ? ` after ${reason.extra} other token${reason.extra > 1 ? 's' : ''}` : ''}: interpolate them`;
    case 'relativePositions':
      return `Tables of relative positions have ${reason.from} entries, the model's ${reason.to}: another window; interpolate them`;
    case 'patch':
      return `Windows are ${reason.from.join('x')}, the model's ${reason.to.join('x')}: another patch or kernel size; resample them`;
    case 'channels':
      return `Input channels are ${reason.from}, the model's ${reason.to}: add the weights up, or repeat them`;
    case 'vocabulary':
      return `The table has ${reason.from} rows, the model's ${reason.to}`;
    case 'view':
      return 'Extents of 1 differ: a linear layer for a convolution of one point, or the other way round';
    case 'transpose':
      return 'Axes are in another order, as another framework has them';
    case 'width':
      return 'The layer has another width in the model: another variant of the network';
    default:
      return reason satisfies never;
  }
}

function importsFor(rules: readonly NameRule[], { fused }: KeyMatch, reshapes: ReadonlyMap<string, ReshapeGroup>): readonly string[] {
  const kinds = new Set([...reshapes.values()].map(({ reason }) => reason.kind));
  const interpolates = kinds.has('positionGrid') || kinds.has('relativePositions') || kinds.has('patch');
  const needsTorch = interpolates || fused.some((one) => one.fused === 'to');
  return [
    ...(rules.length > 0 ? ['import re'] : []),
    ...(needsTorch ? ['import torch'] : []),
    ...(rules.length > 0 || needsTorch ? [''] : []),
  ];
}

/** Joins and splits first, under the names that the checkpoint has; then gives the rest its names. */
function renameCode({ rules, explicit }: Renaming, fused: readonly FusedKeys[]): readonly string[] {
  const renames = rules.length > 0 || explicit.length > 0;
  if (!renames && fused.length === 0) return [];
  const shown = explicit.slice(0, MOST_EXPLICIT);
  const left = explicit.length > shown.length ? [`    # ... ${explicit.length - shown.length} more`] : [];
  const table = shown.length === 0 ? [] : ['NAMES = {', ...shown.map(([from, to]) => `    ${python(from)}: ${python(to)},`), ...left, '}'];
  const patterns =
    rules.length === 0 ? [] : ['RULES = [', ...rules.map(({ pattern, replacement }) => `    (${raw(pattern)}, ${raw(replacement)}),`), ']'];
  const named = [
    '',
    'def rename(key):',
    ...(table.length > 0 ? ['    if key in NAMES:', '        return NAMES[key]'] : []),
    ...(patterns.length > 0
      ? [
          '    for pattern, replacement in RULES:',
          '        renamed, found = re.subn(pattern, replacement, key)',
          '        if found:',
          '            return renamed',
        ]
      : []),
    '    return key',
    '',
  ];
  return [
    ...patterns,
    ...table,
    ...(renames ? named : []),
    'mended = {}',
    ...fusedCode(fused),
    renames ? 'mended.update((rename(key), value) for key, value in state.items())' : 'mended.update(state)',
    'state = mended',
  ];
}

/** Those that differ in one number alone are a loop over it. */
function fusedCode(fused: readonly FusedKeys[]): readonly string[] {
  const loops = new Map<string, string[]>();
  for (const one of fused) {
    const names = [one.whole.name, ...one.parts.map(({ name }) => name)];
    const number = commonNumber(names);
    const [whole = '', ...parts] = names.map((name) => (number === null ? python(name) : template(name)));
    const sizes = one.parts.map(({ shape }) => shape[0]).join(', ');
    const line =
      one.fused === 'from'
        ? `${parts.map((name) => `mended[${name}]`).join(', ')} = state.pop(${whole}).split([${sizes}])`
        : `mended[${whole}] = torch.cat([${parts.map((name) => `state.pop(${name})`).join(', ')}])`;
    const numbers = loops.get(line) ?? [];
    loops.set(line, numbers);
    if (number !== null) numbers.push(number);
  }
  const lines = [...loops]
    .slice(0, MOST_EXPLICIT)
    .flatMap(([line, numbers]) => (numbers.length === 0 ? [line] : [`for n in (${numbers.join(', ')},):`, `    ${line}`]));
  return loops.size > MOST_EXPLICIT ? [...lines, `# ... and ${loops.size - MOST_EXPLICIT} more alike`] : lines;
}

/** The one number that is a part of every name; `null` where they have another or several. */
function commonNumber(names: readonly string[]): string | null {
  const numbers = new Set(
    names.map((name) =>
      name
        .split('.')
        .filter((part) => /^(?:0|[1-9]\d*)$/.test(part))
        .join(),
    ),
  );
  const [only = ''] = numbers;
  return numbers.size === 1 && /^\d+$/.test(only) ? only : null;
}

/** A name as an f-string of `n`. */
function template(name: string): string {
  const open = name.split('.').map((part) => (/^\d+$/.test(part) ? '{n}' : part.replace(/[{}]/g, '$&$&')));
  return `f${python(open.join('.'))}`;
}

function reshapeCode(reshapes: ReadonlyMap<string, ReshapeGroup>): readonly string[] {
  return [...reshapes.values()].flatMap(({ reason, pairs }) => {
    const names = pairs.slice(0, MOST_EXPLICIT).map(({ to }) => python(to.name));
    const [first] = pairs;
    const body = bodyOf(reason, first);
    return [`for key in (${names.join(', ')},):`, ...body.map((line) => `    ${line}`)];
  });
}

/** What makes one tensor fit, as lines about `key`. */
function bodyOf(reason: ReshapeReason, pair: KeyPair | undefined): readonly string[] {
  const to = pair?.to.shape ?? [];
  switch (reason.kind) {
    case 'classes':
    case 'vocabulary':
    case 'width':
      return ['del state[key]  # begins anew'];
    case 'view':
      return [`state[key] = state[key].reshape(${to.join(', ')})`];
    case 'transpose':
      return [`state[key] = state[key].permute(${reason.axes.join(', ')}).contiguous()`];
    case 'channels':
      return reason.to === 1
        ? ['state[key] = state[key].sum(1, keepdim=True)']
        : [
            `state[key] = state[key].mean(1, keepdim=True).repeat(1, ${reason.to}, ${to
              .slice(2)
              .map(() => 1)
              .join(', ')})`,
          ];
    case 'patch':
      return reason.to.length === 2
        ? [
            `state[key] = torch.nn.functional.interpolate(state[key].float(), size=(${reason.to.join(', ')}), mode="bicubic", antialias=True)`,
          ]
        : ['del state[key]  # begins anew'];
    case 'positionGrid':
      return positionCode(reason, to);
    case 'relativePositions':
      return relativeCode(reason, to);
    default:
      return reason satisfies never;
  }
}

function positionCode(
  { from, to, extra }: Extract<ReshapeReason, { readonly kind: 'positionGrid' }>,
  shape: readonly number[],
): readonly string[] {
  const size = `size=(${to.join(', ')}), mode="bicubic", antialias=True`;
  if (shape.length === 4) {
    const first = shape[1] !== to[0] || shape[2] !== to[1];
    if (first) return [`state[key] = torch.nn.functional.interpolate(state[key].float(), ${size})`];
    return [
      `grid = torch.nn.functional.interpolate(state[key].float().permute(0, 3, 1, 2), ${size})`,
      'state[key] = grid.permute(0, 2, 3, 1)',
    ];
  }
  const width = shape.at(-1);
  return [
    `table = state[key].reshape(-1, ${width}).float()`,
    `grid = table[${extra}:].reshape(1, ${from.join(', ')}, ${width}).permute(0, 3, 1, 2)`,
    `grid = torch.nn.functional.interpolate(grid, ${size})`,
    `state[key] = torch.cat([table[:${extra}], grid.permute(0, 2, 3, 1).reshape(-1, ${width})]).reshape(${shape.join(', ')})`,
  ];
}

function relativeCode(
  { from, to }: Extract<ReshapeReason, { readonly kind: 'relativePositions' }>,
  shape: readonly number[],
): readonly string[] {
  const [side, other] = [Math.sqrt(from), Math.sqrt(to)];
  if (!Number.isInteger(side) || !Number.isInteger(other))
    return [`state[key] = torch.nn.functional.interpolate(state[key].float().T[None], size=${to}, mode="linear")[0].T`];
  return [
    `grid = state[key].float().T.reshape(1, -1, ${side}, ${side})`,
    `grid = torch.nn.functional.interpolate(grid, size=(${other}, ${other}), mode="bicubic")`,
    `state[key] = grid.reshape(-1, ${to}).T.reshape(${shape.join(', ')})`,
  ];
}

/** A string literal of Python, whose escapes are JSON's. */
function python(text: string): string {
  return JSON.stringify(text);
}

/** The same without escapes, where the text needs none. */
function raw(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) && !text.includes('"') && !text.endsWith('\\') ? `r"${text}"` : python(text);
}
