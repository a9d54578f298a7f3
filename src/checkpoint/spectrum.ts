/** Rows and columns of the smaller side of a matrix whose singular values are computed. */
export const SPECTRUM_SIDE = 1024;

/**
 * Singular values of a matrix, the largest first: square roots of the eigenvalues of the smaller of its two products with
 * itself, which Householder's reflections bring to three diagonals and implicit QL steps to one (Golub and Van Loan,
 * Matrix Computations, 8.3). Values below about 1e-8 of the largest are lost in that product. Yields between parts of the
 * work, so that whoever drives it can stop.
 */
export function* singularValues(matrix: Float32Array, rows: number, columns: number): Generator<void, Float64Array> {
  const side = Math.min(rows, columns);
  const product = new Float64Array(side * side);
  yield* gram(matrix, rows, columns, product, side);
  const [diagonal, beside] = [new Float64Array(side), new Float64Array(side)];
  yield* tridiagonal(product, side, diagonal, beside);
  eigenvalues(diagonal, beside);
  return diagonal
    .map((value) => Math.sqrt(Math.max(0, value)))
    .sort()
    .reverse();
}

/** The product of a matrix [rows, columns] with its transpose, over the longer side. */
function* gram(matrix: Float32Array, rows: number, columns: number, product: Float64Array, side: number): Generator<void> {
  const wide = rows <= columns;
  const length = wide ? columns : rows;
  const at = wide ? (row: number, k: number) => row * columns + k : (column: number, k: number) => k * columns + column;
  // Each row of the smaller side in a row of its own, in float64.
  const lines = Array.from({ length: side }, (_, line) => Float64Array.from({ length }, (_unused, k) => matrix[at(line, k)] ?? 0));
  for (let i = 0; i < side; i += 1) {
    const a = lines[i] ?? new Float64Array(0);
    for (let j = 0; j <= i; j += 1) {
      const b = lines[j] ?? new Float64Array(0);
      let sum = 0;
      for (let k = 0; k < length; k += 1) sum += (a[k] ?? 0) * (b[k] ?? 0);
      product[i * side + j] = sum;
      product[j * side + i] = sum;
    }
    if (i % 16 === 15) yield;
  }
}

/** A symmetric matrix by reflections to its diagonal and the one beside it. */
function* tridiagonal(a: Float64Array, n: number, diagonal: Float64Array, beside: Float64Array): Generator<void> {
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 2; k += 1) {
    let norm = 0;
    for (let i = k + 1; i < n; i += 1) norm += (a[i * n + k] ?? 0) ** 2;
    norm = Math.sqrt(norm);
    const head = a[(k + 1) * n + k] ?? 0;
    const alpha = head > 0 ? -norm : norm;
    diagonal[k] = a[k * n + k] ?? 0;
    beside[k + 1] = alpha;
    if (norm === 0) continue;
    for (let i = k + 1; i < n; i += 1) v[i] = a[i * n + k] ?? 0;
    v[k + 1] = head - alpha;
    let square = 0;
    for (let i = k + 1; i < n; i += 1) square += (v[i] ?? 0) ** 2;
    if (square === 0) continue;
    const scale = 2 / square;
    let dot = 0;
    for (let i = k + 1; i < n; i += 1) {
      let sum = 0;
      for (let j = k + 1; j < n; j += 1) sum += (a[i * n + j] ?? 0) * (v[j] ?? 0);
      p[i] = sum * scale;
      dot += (p[i] ?? 0) * (v[i] ?? 0);
    }
    const half = (dot * scale) / 2;
    for (let i = k + 1; i < n; i += 1) p[i] = (p[i] ?? 0) - half * (v[i] ?? 0);
    for (let i = k + 1; i < n; i += 1) {
      const [vi, pi] = [v[i] ?? 0, p[i] ?? 0];
      for (let j = k + 1; j < n; j += 1) a[i * n + j] = (a[i * n + j] ?? 0) - vi * (p[j] ?? 0) - pi * (v[j] ?? 0);
    }
    if (k % 8 === 7) yield;
  }
  if (n > 1) {
    diagonal[n - 2] = a[(n - 2) * n + n - 2] ?? 0;
    beside[n - 1] = a[(n - 1) * n + n - 2] ?? 0;
  }
  if (n > 0) diagonal[n - 1] = a[n * n - 1] ?? 0;
}

/** Steps of one eigenvalue before it is taken as it is. */
const MOST_STEPS = 60;

/** Eigenvalues of a symmetric tridiagonal matrix in place; `beside[i]` stands between `i - 1` and `i`. */
function eigenvalues(d: Float64Array, beside: Float64Array): void {
  const n = d.length;
  const e = new Float64Array(n);
  for (let i = 1; i < n; i += 1) e[i - 1] = beside[i] ?? 0;
  for (let l = 0; l < n; l += 1) {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      let m = l;
      for (; m < n - 1; m += 1) {
        const size = Math.abs(d[m] ?? 0) + Math.abs(d[m + 1] ?? 0);
        if (Math.abs(e[m] ?? 0) <= Number.EPSILON * size) break;
      }
      if (m === l) break;
      implicitStep(d, e, l, m);
    }
  }
}

/** One implicit QL step with Wilkinson's shift on the block `l` to `m`. */
function implicitStep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const [dl, el] = [d[l] ?? 0, e[l] ?? 0];
  let g = ((d[l + 1] ?? 0) - dl) / (2 * el);
  let r = Math.hypot(g, 1);
  g = (d[m] ?? 0) - dl + el / (g + (g >= 0 ? r : -r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i -= 1) {
    const [f, b] = [s * (e[i] ?? 0), c * (e[i] ?? 0)];
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = (d[i + 1] ?? 0) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = (d[i + 1] ?? 0) - p;
    r = ((d[i] ?? 0) - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
  }
  d[l] = (d[l] ?? 0) - p;
  e[l] = g;
  e[m] = 0;
}
