import type {
  Block,
  Budget,
  Category,
  Figures,
  GraphBox,
  GraphEdge,
  GraphLevel,
  NodeDetails,
  NodeProfile,
  Profile,
  TensorRow,
  TensorStatistics,
} from '../../../src/protocol';
import { BUDGETS, budgetOf } from '../../../src/protocol';

/** A made-up hybrid network of a stem, two MBConv stages, one transformer stage and a head, with figures that add up. */
interface Piece {
  readonly op: string;
  readonly name: string;
  readonly category: Category;
  readonly macs: number | null;
  readonly parameters: number;
  readonly shape: readonly number[];
  readonly formula?: string;
}

interface Part {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly subtitle: string;
  readonly repeat: number;
  readonly pieces: readonly Piece[];
  readonly attributes: Block['attributes'];
}

function conv(name: string, category: Category, shape: readonly number[], macs: number, parameters: number): Piece {
  return { op: 'Conv', name, category, shape, macs, parameters, formula: `out elements * in channels * kernel = ${macs} MACs` };
}

function mbconv(stage: number, channels: number, size: number): Part {
  const shape = [1, channels, size, size];
  const path = `/stages.${stage}/blocks.0`;
  const wide = channels * 4;
  return {
    id: `b${stage}`,
    kind: 'mbconv',
    label: `MBConv stage S${stage}`,
    subtitle: `${channels} ch, ${size}x${size}`,
    repeat: stage + 1,
    attributes: { channels, expansion: 4, kernel: [3, 3] },
    pieces: [
      conv(`${path}/expand/Conv`, 'convolution.pointwise', [1, wide, size, size], channels * wide * size * size, channels * wide),
      { op: 'Relu', name: `${path}/act/Relu`, category: 'activation', macs: 0, parameters: 0, shape: [1, wide, size, size] },
      conv(`${path}/depthwise/Conv`, 'convolution.depthwise', [1, wide, size, size], wide * 9 * size * size, wide * 9),
      conv(`${path}/project/Conv`, 'convolution.pointwise', shape, channels * wide * size * size, channels * wide),
      { op: 'Add', name: `${path}/Add`, category: 'dataMovement', macs: 0, parameters: 0, shape },
    ],
  };
}

const DIM = 384;
const TOKENS = 196;

function transformer(): Part {
  const path = '/stages.2/blocks.0';
  const tokens = [1, TOKENS, DIM];
  const scores = [1, 12, TOKENS, TOKENS];
  const linear = (name: string, category: Category, shape: readonly number[], inner: number): Piece => ({
    op: 'MatMul',
    name: `${path}/${name}/MatMul`,
    category,
    shape,
    macs: TOKENS * DIM * inner,
    parameters: DIM * inner,
    formula: `tokens * in * out = ${TOKENS} * ${DIM} * ${inner} = ${TOKENS * DIM * inner} MACs`,
  });
  const product = (TOKENS * TOKENS * DIM) as number;
  return {
    id: 'b2',
    kind: 'attention',
    label: 'Transformer stage S3',
    subtitle: '384 ch, 14x14, 12 heads',
    repeat: 5,
    attributes: {
      heads: 12,
      headSize: 32,
      queries: TOKENS,
      keys: TOKENS,
      position: 'relative bias 27 \u00d7 27',
      receptiveField: 'global',
    },
    pieces: [
      {
        op: 'LayerNormalization',
        name: `${path}/norm/LayerNormalization`,
        category: 'normalization',
        macs: 0,
        parameters: 2 * DIM,
        shape: tokens,
      },
      linear('qkv', 'attention.projection', [1, TOKENS, 3 * DIM], 3 * DIM),
      {
        op: 'MatMul',
        name: `${path}/scores/MatMul`,
        category: 'attention.scores',
        macs: product,
        parameters: 0,
        shape: scores,
        formula: `heads * N^2 * d = 12 * 196^2 * 32 = ${product} MACs`,
      },
      { op: 'Softmax', name: `${path}/Softmax`, category: 'attention.softmax', macs: 0, parameters: 0, shape: scores },
      { op: 'MatMul', name: `${path}/values/MatMul`, category: 'attention.weightedSum', macs: product, parameters: 0, shape: tokens },
      linear('proj', 'attention.output', tokens, DIM),
      linear('mlp/fc1', 'feedForward', [1, TOKENS, 4 * DIM], 4 * DIM),
      { ...linear('mlp/fc2', 'feedForward', tokens, 4 * DIM), parameters: 4 * DIM * DIM },
    ],
  };
}

const PARTS: readonly Part[] = [
  {
    id: 'stem',
    kind: 'stem',
    label: 'Stem',
    subtitle: '2 conv 3x3, stride 2',
    repeat: 1,
    attributes: { stride: 2 },
    pieces: [
      conv('/stem/conv1/Conv', 'convolution.standard', [1, 64, 112, 112], 27 * 64 * 112 * 112, 27 * 64),
      conv('/stem/conv2/Conv', 'convolution.standard', [1, 64, 112, 112], 576 * 64 * 112 * 112, 576 * 64),
    ],
  },
  mbconv(0, 96, 56),
  mbconv(1, 192, 28),
  transformer(),
  {
    id: 'head',
    kind: 'head',
    label: 'Head',
    subtitle: 'pool, linear 384 -> 1000',
    repeat: 1,
    attributes: { classes: 1000 },
    pieces: [
      { op: 'GlobalAveragePool', name: '/head/pool/GlobalAveragePool', category: 'pooling', macs: 0, parameters: 0, shape: [1, DIM, 1, 1] },
      {
        op: 'Gemm',
        name: '/head/fc/Gemm',
        category: 'head',
        macs: DIM * 1000,
        parameters: DIM * 1000 + 1000,
        shape: [1, 1000],
        formula: '384 * 1000 = 384000 MACs',
      },
      { op: 'MysteryGate', name: '/head/MysteryGate', category: 'other', macs: null, parameters: 0, shape: [1, 1000] },
    ],
  },
];

function figuresOf(pieces: readonly Piece[]): Figures {
  const sum = (pick: (piece: Piece) => number) => pieces.reduce((total, piece) => total + pick(piece), 0);
  const parameters = sum((piece) => piece.parameters);
  const macs = sum((piece) => piece.macs ?? 0);
  return {
    parameters,
    trainableParameters: parameters,
    buffers: sum((piece) => (piece.op === 'Conv' ? 2 * (piece.shape[1] ?? 0) : 0)),
    macs,
    flops: 2 * macs,
    weightBytes: 4 * parameters,
    activationBytes: sum((piece) => 4 * piece.shape.reduce((product, extent) => product * extent, 1)),
  };
}

const ALL = PARTS.flatMap((part) => part.pieces.map((piece) => ({ part, piece })));
const idOf = (piece: Piece): string => `n${ALL.findIndex((entry) => entry.piece === piece)}`;

function nodeProfiles(): NodeProfile[] {
  return ALL.map(({ part, piece }, place): NodeProfile => {
    const figures = figuresOf([piece]);
    const before = ALL[place - 1]?.piece;
    return {
      ...figures,
      id: idOf(piece),
      name: piece.name,
      op: piece.op,
      domain: '',
      category: piece.category,
      block: part.id,
      macs: piece.macs,
      flops: piece.macs === null ? null : 2 * piece.macs,
      formula: piece.formula ?? '',
      readBytes: null,
      writtenBytes: figures.activationBytes,
      inputs: [{ name: before ? `${before.name}_output_0` : 'input', dtype: 'float32', shape: before?.shape ?? ['batch', 3, 224, 224] }],
      outputs: [{ name: `${piece.name}_output_0`, dtype: 'float32', shape: piece.shape }],
    };
  });
}

export function makeProfile(change: Partial<Profile> = {}): Profile {
  const pieces = ALL.map(({ piece }) => piece);
  const of = (keep: (piece: Piece) => boolean) => figuresOf(pieces.filter(keep));
  const categories = [...new Set(pieces.map(({ category }) => category))];
  return {
    schema: 1,
    model: {
      name: 'coatnet_0.onnx',
      format: 'onnx',
      formatVersion: '8',
      producer: 'pytorch 2.13',
      opsets: { '': 17 },
      inputs: [{ name: 'input', dtype: 'float32', shape: ['batch', 3, 224, 224] }],
      outputs: [{ name: 'logits', dtype: 'float32', shape: ['batch', 1000] }],
      fileBytes: 100_000_000,
      externalFiles: [],
      metadata: {},
    },
    bindings: { batch: { value: 1, assumed: true } },
    totals: { ...figuresOf(pieces), peakActivationBytes: 3_610_000 },
    budget: Object.fromEntries(BUDGETS.map((budget) => [budget, of((piece) => budgetOf(piece.category) === budget)])) as Record<
      Budget,
      Figures
    >,
    categories: Object.fromEntries(categories.map((category) => [category, of((piece) => piece.category === category)])),
    blocks: PARTS.map(
      (part): Block => ({
        id: part.id,
        kind: part.kind,
        label: part.label,
        repeat: part.repeat,
        attributes: part.attributes,
        totals: figuresOf(part.pieces),
        nodes: part.pieces.map(idOf),
        children: [],
      }),
    ),
    nodes: nodeProfiles(),
    lowerBounds: ['macs', 'flops'],
    notCounted: [{ node: idOf(PARTS.at(-1)?.pieces[2] as Piece), op: 'MysteryGate', reason: 'unknown operator' }],
    warnings: [],
    ...change,
  };
}

function box(change: Partial<GraphBox> & Pick<GraphBox, 'id' | 'kind' | 'title'>, pieces: readonly Piece[]): GraphBox {
  const figures = figuresOf(pieces);
  const split = Object.fromEntries(
    BUDGETS.map((budget) => [budget, figuresOf(pieces.filter((piece) => budgetOf(piece.category) === budget)).macs]),
  ) as Record<Budget, number>;
  const budget = BUDGETS.reduce((best, next) => (split[next] > split[best] ? next : best), 'other' as Budget);
  return { subtitle: '', category: 'other', repeat: 1, operators: pieces.length, figures, split, budget, stubs: [], ...change };
}

const shapeOf = (shape: readonly number[]) => `[${shape.join(', ')}]`;

/** The whole model, or what is inside one part: its operators with a port at each end. */
export function makeLevel(group: string): GraphLevel | null {
  if (group === '') {
    const boxes = PARTS.map(({ id, label, subtitle, repeat, pieces }) =>
      box({ id, kind: 'group', title: label, subtitle, repeat }, pieces),
    );
    const ends = [box({ id: 'in:input', kind: 'input', title: 'input', subtitle: '[1, 3, 224, 224]' }, []), ...boxes];
    const last = box({ id: 'out:logits', kind: 'output', title: 'logits', subtitle: '[1, 1000]' }, []);
    const all = [...ends, last];
    const edges = all.slice(1).map((to, place): GraphEdge => {
      const shape = PARTS[place - 1]?.pieces.at(-1)?.shape;
      return { from: all[place]?.id ?? '', to: to.id, label: shape ? shapeOf(shape) : '[1, 3, 224, 224]', value: `v${place}`, count: 1 };
    });
    return { group, boxes: all, edges, hidden: 4 };
  }
  const place = PARTS.findIndex(({ id }) => id === group);
  const part = PARTS[place];
  if (!part) return null;
  const enter = box({ id: 'port:in', kind: 'portIn', title: 'input' }, []);
  const leave = box({ id: 'port:out', kind: 'portOut', title: 'output' }, []);
  const nodes = part.pieces.map((piece) =>
    box(
      {
        id: idOf(piece),
        kind: 'node',
        title: piece.op,
        subtitle: shapeOf(piece.shape),
        budget: budgetOf(piece.category),
        category: piece.category,
      },
      [piece],
    ),
  );
  const all = [enter, ...nodes, leave];
  const edges = all.slice(1).map((to, index): GraphEdge => {
    const value = index === 0 ? `v${place}` : index === all.length - 2 ? `v${place + 1}` : `${group}:${index}`;
    return {
      from: all[index]?.id ?? '',
      to: to.id,
      label: shapeOf(part.pieces[index - 1]?.shape ?? []).replace('[]', ''),
      value,
      count: 1,
    };
  });
  const skip: GraphEdge[] =
    part.kind === 'mbconv' ? [{ from: enter.id, to: nodes.at(-1)?.id ?? '', label: '', value: `v${place}`, count: 1 }] : [];
  return { group, boxes: all, edges: [...edges, ...skip], hidden: 0 };
}

export function groupsOfNode(node: string): readonly string[] {
  const part = PARTS.find(({ pieces }) => pieces.some((piece) => idOf(piece) === node));
  return part ? [part.id] : [];
}

export function makeDetails(id: string): NodeDetails {
  const place = ALL.findIndex(({ piece }) => idOf(piece) === id);
  const piece = ALL[place]?.piece;
  const [before, after] = [ALL[place - 1]?.piece, ALL[place + 1]?.piece];
  const value = (name: string, nodes: readonly string[], tensor = '') => ({
    name,
    dtype: 'float32',
    shape: piece ? shapeOf(piece.shape) : '',
    tensor,
    nodes,
  });
  return {
    id,
    name: piece?.name ?? '',
    op: piece?.op ?? '',
    domain: '',
    doc: '',
    attributes: piece?.op === 'Conv' ? [{ name: 'kernel_shape', kind: 'ints', text: '[3, 3]' }] : [],
    inputs: [
      value(before ? `${before.name}_output_0` : 'input', before ? [idOf(before)] : []),
      ...(piece && piece.parameters > 0 ? [value(`${piece.name}.weight`, [], `${piece.name}.weight`)] : []),
    ],
    outputs: [value(`${piece?.name}_output_0`, after ? [idOf(after)] : [])],
    more: { attributes: 0, inputs: 0, outputs: 0 },
    metadata: {},
    profile: nodeProfiles()[place] ?? null,
  };
}

export function makeTensors(): readonly TensorRow[] {
  return ALL.filter(({ piece }) => piece.parameters > 0).map(({ piece }, place) => ({
    name: `${piece.name}.weight`,
    dtype: place === 1 ? 'float16' : 'float32',
    shape: [piece.parameters],
    elements: piece.parameters,
    bytes: 4 * piece.parameters,
    file: place === 2 ? 'weights.bin' : '',
    missing: place === 2 ? 'The file weights.bin is not beside the model.' : '',
    consumers: [idOf(piece)],
    readers: 1,
  }));
}

export function makeStatistics(name: string): TensorStatistics {
  const histogram = Array.from({ length: 64 }, (_, bin) => Math.round(1000 * Math.exp(-(((bin - 32) / 10) ** 2))));
  return {
    name,
    count: 36_864,
    minimum: -0.25,
    maximum: 0.25,
    mean: 0.0012,
    deviation: 0.0834,
    zeros: 12,
    notFinite: 0,
    nan: 0,
    infinite: 0,
    norm: 16.01,
    deadFilters: 0,
    histogram,
  };
}
