/** `ai.onnx` and `''` are the same domain (ONNX IR, "Operator Sets"); `''` is how it is written here. */
export function normalizeDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}
