/**
 * Cosine of the angle between every two rows of a matrix [rows, columns], row-major [rows, rows]; 0 where a row is zero.
 * Yields between parts of the work.
 */
export function* rowSimilarity(matrix: Float32Array, rows: number, columns: number): Generator<void, Float32Array> {
  const lengths = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (let k = 0; k < columns; k += 1) sum += (matrix[row * columns + k] ?? 0) ** 2;
    lengths[row] = Math.sqrt(sum);
  }
  const cosines = new Float32Array(rows * rows);
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = 0;
      for (let k = 0; k < columns; k += 1) sum += (matrix[i * columns + k] ?? 0) * (matrix[j * columns + k] ?? 0);
      const both = (lengths[i] ?? 0) * (lengths[j] ?? 0);
      const cosine = both === 0 ? 0 : sum / both;
      cosines[i * rows + j] = cosine;
      cosines[j * rows + i] = cosine;
    }
    if (i % 16 === 15) yield;
  }
  return cosines;
}
