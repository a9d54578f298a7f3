// Regenerates the protobuf code under src/formats from the vendored schemas. Needs `protoc` 3.15 or newer on PATH.
import { spawnSync } from 'node:child_process';

const schemas = ['src/formats/onnx/schema/onnx-ml.proto'];

for (const schema of schemas) {
  const folder = schema.slice(0, schema.lastIndexOf('/'));
  const run = spawnSync(
    'protoc',
    [
      '--plugin=protoc-gen-es=node_modules/.bin/protoc-gen-es',
      `--proto_path=${folder}`,
      `--es_out=${folder}`,
      '--es_opt=target=ts',
      schema,
    ],
    { stdio: 'inherit' },
  );
  if (run.error) throw run.error;
  if (run.status !== 0) process.exit(run.status ?? 1);
}
