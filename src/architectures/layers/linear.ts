import { extent, fanIn, type GraphBuilder, type Handle } from '../graph';

/** `x W + b` over the last axis; weights `[in, out]` under MatMul, or `[out, in]` under Gemm for a matrix. */
export function linear(b: GraphBuilder, name: string, x: Handle, out: number, options: { readonly bias?: boolean } = {}): Handle {
  const inputs = extent(x, -1);
  const fill = fanIn(inputs);
  const bias = options.bias ?? true;
  return b.scope(name, () => {
    if (x.shape.length === 2) {
      const weights = [b.weight('weight', [out, inputs], fill), ...(bias ? [b.weight('bias', [out], fill)] : [])];
      return b.node('Gemm', [x, ...weights], { transB: 1 });
    }
    const product = b.node('MatMul', [x, b.weight('weight', [inputs, out], fill)]);
    return bias ? b.node('Add', [b.weight('bias', [out], fill), product]) : product;
  });
}
