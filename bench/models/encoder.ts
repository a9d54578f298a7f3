import { model, node, tensor, value } from '../../test/fixtures/onnx';

/** Transformer blocks as PyTorch writes them: head splitting by Shape, Gather, Unsqueeze, Concat, Reshape; GELU by Erf. */
export function encoder(blocks: number): Uint8Array {
  const width = 64;
  const nodes = [];
  const initializers = [
    tensor('zero', 'int64', [], [0]),
    tensor('one', 'int64', [], [1]),
    tensor('first', 'int64', [1], [0]),
    tensor('heads', 'int64', [1], [4]),
    tensor('depth', 'int64', [1], [width / 4]),
    tensor('all', 'int64', [1], [width]),
    tensor('scale', 'float32', [], [0.25]),
    tensor('root2', 'float32', [], [Math.SQRT2]),
    tensor('unit', 'float32', [], [1]),
    tensor('half', 'float32', [], [0.5]),
    tensor('gamma', 'float32', [width], new Array<number>(width).fill(1)),
    tensor('beta', 'float32', [width], new Array<number>(width).fill(0)),
    tensor('wide', 'float32', [width, 2 * width], new Array<number>(2 * width * width).fill(0)),
    tensor('narrow', 'float32', [2 * width, width], new Array<number>(2 * width * width).fill(0)),
    tensor('square', 'float32', [width, width], new Array<number>(width * width).fill(0)),
  ];
  let x = 'x';
  for (let i = 0; i < blocks; i++) {
    const at = (name: string) => `/blocks.${i}/${name}`;
    nodes.push(node('LayerNormalization', [x, 'gamma', 'beta'], [at('n1')], { axis: -1 }, { name: at('norm1') }));
    for (const part of ['q', 'k', 'v']) {
      nodes.push(node('MatMul', [at('n1'), 'square'], [at(part)], {}, { name: at(`attn/${part}`) }));
      nodes.push(node('Shape', [at(part)], [at(`${part}s`)]));
      nodes.push(node('Gather', [at(`${part}s`), 'zero'], [at(`${part}b`)], { axis: 0 }));
      nodes.push(node('Gather', [at(`${part}s`), 'one'], [at(`${part}t`)], { axis: 0 }));
      nodes.push(node('Unsqueeze', [at(`${part}b`), 'first'], [at(`${part}b1`)]));
      nodes.push(node('Unsqueeze', [at(`${part}t`), 'first'], [at(`${part}t1`)]));
      nodes.push(node('Concat', [at(`${part}b1`), at(`${part}t1`), 'heads', 'depth'], [at(`${part}r`)], { axis: 0 }));
      nodes.push(node('Reshape', [at(part), at(`${part}r`)], [at(`${part}4`)]));
      nodes.push(node('Transpose', [at(`${part}4`)], [at(`${part}h`)], { perm: part === 'k' ? [0, 2, 3, 1] : [0, 2, 1, 3] }));
    }
    nodes.push(node('MatMul', [at('qh'), at('kh')], [at('scores')], {}, { name: at('attn/scores') }));
    nodes.push(node('Mul', [at('scores'), 'scale'], [at('scaled')]));
    nodes.push(node('Softmax', [at('scaled')], [at('weights')], { axis: -1 }, { name: at('attn/softmax') }));
    nodes.push(node('MatMul', [at('weights'), at('vh')], [at('mixed')], {}, { name: at('attn/mix') }));
    nodes.push(node('Transpose', [at('mixed')], [at('back')], { perm: [0, 2, 1, 3] }));
    nodes.push(node('Concat', [at('qb1'), at('qt1'), 'all'], [at('flat')], { axis: 0 }));
    nodes.push(node('Reshape', [at('back'), at('flat')], [at('joined')]));
    nodes.push(node('MatMul', [at('joined'), 'square'], [at('projected')], {}, { name: at('attn/proj') }));
    nodes.push(node('Add', [x, at('projected')], [at('r1')]));
    nodes.push(node('LayerNormalization', [at('r1'), 'gamma', 'beta'], [at('n2')], { axis: -1 }, { name: at('norm2') }));
    nodes.push(node('MatMul', [at('n2'), 'wide'], [at('up')], {}, { name: at('mlp/fc1') }));
    nodes.push(node('Div', [at('up'), 'root2'], [at('g1')]));
    nodes.push(node('Erf', [at('g1')], [at('g2')]));
    nodes.push(node('Add', [at('g2'), 'unit'], [at('g3')]));
    nodes.push(node('Mul', [at('up'), at('g3')], [at('g4')]));
    nodes.push(node('Mul', [at('g4'), 'half'], [at('g5')]));
    nodes.push(node('MatMul', [at('g5'), 'narrow'], [at('down')], {}, { name: at('mlp/fc2') }));
    nodes.push(node('Identity', [at('down')], [at('kept')]));
    for (const [from, to] of [
      ['r1', 'p1'],
      ['p1', 'p2'],
      ['p2', 'p3'],
    ] as const)
      nodes.push(node('Identity', [at(from)], [at(to)]));
    nodes.push(node('Add', [at('p3'), at('kept')], [at('y')]));
    x = at('y');
  }
  return model({
    nodes,
    initializers,
    inputs: [value('x', 'float32', [1, 196, width])],
    outputs: [value(x, 'float32', [1, 196, width])],
    opset: 17,
    ir: 8,
  });
}
