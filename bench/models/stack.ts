import { model, node, tensor, value } from '../../test/fixtures/onnx';

const WIDTH = 64;
const TOKENS = 196;

/** A value filled with zeros: no figure depends on what weights are. */
function zeros(name: string, ...shape: readonly number[]) {
  return tensor(name, 'float32', shape, new Array<number>(shape.reduce((product, size) => product * size, 1)).fill(0));
}

/** 34 operators: attention over four heads with a mask from outside, and a feed-forward network with GELU by Erf. */
function block(at: (name: string) => string, x: string) {
  const nodes = [node('LayerNormalization', [x, 'gamma', 'beta'], [at('n1')], { axis: -1 })];
  for (const part of ['q', 'k', 'v']) {
    nodes.push(node('MatMul', [at('n1'), 'square'], [at(part)], {}, { name: at(`attn/${part}`) }));
    nodes.push(node('Add', [at(part), 'beta'], [at(`${part}b`)]));
    nodes.push(node('Reshape', [at(`${part}b`), 'split'], [at(`${part}4`)]));
    nodes.push(node('Transpose', [at(`${part}4`)], [at(`${part}h`)], { perm: part === 'k' ? [0, 2, 3, 1] : [0, 2, 1, 3] }));
  }
  nodes.push(
    node('MatMul', [at('qh'), at('kh')], [at('scores')]),
    node('Mul', [at('scores'), 'quarter'], [at('scaled')]),
    node('Add', [at('scaled'), 'mask4'], [at('masked')]),
    node('Softmax', [at('masked')], [at('weights')], { axis: -1 }),
    node('MatMul', [at('weights'), at('vh')], [at('mixed')]),
    node('Transpose', [at('mixed')], [at('back')], { perm: [0, 2, 1, 3] }),
    node('Reshape', [at('back'), 'joined'], [at('flat')]),
    node('MatMul', [at('flat'), 'square'], [at('projected')], {}, { name: at('attn/proj') }),
    node('Add', [at('projected'), 'beta'], [at('biased')]),
    node('Add', [x, at('biased')], [at('r1')]),
    node('LayerNormalization', [at('r1'), 'gamma', 'beta'], [at('n2')], { axis: -1 }),
    node('MatMul', [at('n2'), 'wide'], [at('up')], {}, { name: at('mlp/fc1') }),
    node('Add', [at('up'), 'broad'], [at('u')]),
    node('Div', [at('u'), 'root2'], [at('g1')]),
    node('Erf', [at('g1')], [at('g2')]),
    node('Add', [at('g2'), 'unit'], [at('g3')]),
    node('Mul', [at('u'), at('g3')], [at('g4')]),
    node('Mul', [at('g4'), 'half'], [at('g5')]),
    node('MatMul', [at('g5'), 'narrow'], [at('down')], {}, { name: at('mlp/fc2') }),
    node('Add', [at('down'), 'beta'], [at('d')]),
    node('Add', [at('r1'), at('d')], [at('y')]),
  );
  return nodes;
}

/** A transformer of `blocks` blocks, 92 of which make 3,134 operators; one mask and two shapes feed every one of them. */
export function stack(blocks: number): Uint8Array {
  const nodes = [
    node('Shape', ['x'], ['extents']),
    node('Gather', ['extents', 'zero'], ['batch'], { axis: 0 }),
    node('Unsqueeze', ['batch', 'first'], ['batch1']),
    node('Concat', ['batch1', 'heads'], ['split'], { axis: 0 }),
    node('Concat', ['batch1', 'whole'], ['joined'], { axis: 0 }),
    node('Unsqueeze', ['mask', 'first'], ['mask4']),
  ];
  let x = 'x';
  for (let i = 0; i < blocks; i++) {
    const at = (name: string) => `/layers.${i}/${name}`;
    nodes.push(...block(at, x));
    x = at('y');
  }
  return model({
    nodes,
    initializers: [
      tensor('zero', 'int64', [], [0]),
      tensor('first', 'int64', [1], [0]),
      tensor('heads', 'int64', [3], [TOKENS, 4, WIDTH / 4]),
      tensor('whole', 'int64', [2], [TOKENS, WIDTH]),
      tensor('quarter', 'float32', [], [0.25]),
      tensor('root2', 'float32', [], [Math.SQRT2]),
      tensor('unit', 'float32', [], [1]),
      tensor('half', 'float32', [], [0.5]),
      zeros('gamma', WIDTH),
      zeros('beta', WIDTH),
      zeros('broad', 4 * WIDTH),
      zeros('square', WIDTH, WIDTH),
      zeros('wide', WIDTH, 4 * WIDTH),
      zeros('narrow', 4 * WIDTH, WIDTH),
    ],
    inputs: [value('x', 'float32', ['batch', TOKENS, WIDTH]), value('mask', 'float32', ['batch', TOKENS, TOKENS])],
    outputs: [value(x, 'float32', ['batch', TOKENS, WIDTH])],
    opset: 17,
    ir: 8,
  });
}
