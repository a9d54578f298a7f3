/**
 * FLOPs of operators that `FLOPS_PER_ELEMENT` does not list, counted the same
 * way: one per addition, multiplication, comparison or named function of the
 * plain definition. README's table of conventions is made of these.
 */

/** Per element of an activation, by its ai.onnx name. */
export const ACTIVATION_FLOPS = {
  /** max(0, x) */
  Relu: 1,
  /** x < 0, alpha * x */
  LeakyRelu: 2,
  PRelu: 2,
  /** x > alpha */
  ThresholdedRelu: 1,
  /** -x, exp, + 1, 1 / . */
  Sigmoid: 4,
  /** alpha * x, + beta, min, max */
  HardSigmoid: 4,
  /** HardSigmoid, times x */
  HardSwish: 5,
  /** Sigmoid, times x; SiLU */
  Swish: 5,
  /** exp, + 1, log, tanh, times x */
  Mish: 5,
  Tanh: 1,
  /** exp, + 1, log */
  Softplus: 3,
  /** |x|, + 1, / */
  Softsign: 3,
  /** x < 0, exp, - 1, alpha * . */
  Elu: 4,
  /** x / alpha, exp, - 1, alpha * ., min, max, + */
  Celu: 7,
  /** x < 0, exp, alpha * ., - alpha, gamma * . */
  Selu: 5,
  /** x / sqrt(2), erf, + 1, * x, / 2 */
  Gelu: 5,
  /** x^3 (2), * 0.044715, + x, * sqrt(2 / pi), tanh, + 1, * x, / 2 */
  TanhGelu: 9,
  /** 1.702 * x, Sigmoid, * x */
  QuickGelu: 6,
  /** two comparisons, one addition */
  Shrink: 3,
  Clip: 2,
  None: 0,
} as const;

/** Maximum, subtraction, exp, sum and division, each once per element. */
export const SOFTMAX_FLOPS = 5;

/** Mean, centre, square, sum, divide by the deviation: what every normalisation with a mean does per element. */
export const STANDARDIZE_FLOPS = 5;

/** Square, sum, divide by the root mean square. */
export const RMS_FLOPS = 3;

/** A multiplication by a scale, or an addition of a bias, per element. */
export const SCALE_FLOPS = 1;

/** Four products and three sums of neighbours; the weights are not counted. */
export const BILINEAR_FLOPS = 7;

/** Sixteen products and fifteen sums of neighbours. */
export const BICUBIC_FLOPS = 31;

/** Divide by the scale, round, add the zero point, clamp (2). */
export const QUANTIZE_FLOPS = 5;

/** Subtract the zero point, multiply by the scale. */
export const DEQUANTIZE_FLOPS = 2;

/** Rotary position embedding (Su et al. 2021): two products and one sum per element. */
export const ROTARY_FLOPS = 3;
