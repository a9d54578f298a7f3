/** ONNX Runtime's provider names as their makers write them. */
const NAMES: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  tensorrt: 'TensorRT',
  dml: 'DirectML',
  coreml: 'Core ML',
  webnn: 'WebNN',
  rocm: 'ROCm',
  migraphx: 'MIGraphX',
  openvino: 'OpenVINO',
  qnn: 'QNN',
  xnnpack: 'XNNPACK',
};

/** A provider's name for a person; one we do not know as it is. */
export function providerLabel(provider: string): string {
  return NAMES[provider.toLowerCase()] ?? provider;
}
