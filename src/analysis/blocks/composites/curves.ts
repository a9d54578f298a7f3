/** An activation by what it computes: whatever operators write it, it is this one where the values agree. */
interface NamedCurve {
  readonly label: string;
  readonly of: (x: number) => number;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

const CURVES: readonly NamedCurve[] = [
  // Hendrycks and Gimpel 2016 (arXiv 1606.08415); the form with tanh lies within 5e-4 of it.
  { label: 'GELU', of: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)) },
  // The same paper's form with a sigmoid, as CLIP has it.
  { label: 'QuickGELU', of: (x) => x * sigmoid(1.702 * x) },
  // Elfwing et al. 2017 (arXiv 1702.03118).
  { label: 'SiLU', of: (x) => x * sigmoid(x) },
  // Misra 2019 (arXiv 1908.08681).
  { label: 'Mish', of: (x) => x * Math.tanh(Math.log1p(Math.exp(x))) },
  // Howard et al. 2019 (arXiv 1905.02244).
  { label: 'Hard swish', of: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6 },
];

/** Where the curves differ from each other and from their like by more than constants in float16 are off. */
const SAMPLES = [-4, -2.5, -1, -0.5, 0.3, 1, 2, 3.5];
const TOLERANCE = 1.5e-3;

/** Name of the activation that a function is, `''` where it is none of them, `null` where its values are not known. */
export function curveName(of: (x: number) => number | null): string | null {
  const values = SAMPLES.map(of);
  if (values.some((value) => value === null)) return null;
  const agrees = (curve: NamedCurve): boolean =>
    SAMPLES.every((x, at) => Math.abs((values[at] ?? Number.NaN) - curve.of(x)) <= TOLERANCE * Math.max(1, Math.abs(x)));
  return CURVES.find(agrees)?.label ?? '';
}
