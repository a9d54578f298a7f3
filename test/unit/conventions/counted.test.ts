import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../src/analysis/assemble';
import { BufferSource } from '../../../src/bytes';
import { reconcile, TOOLS, type ToolName } from '../../../src/conventions';
import { openModel } from '../../../src/formats/registry';

/** What the tools printed (test/fixtures/make/counted.py). */
interface Printed {
  readonly total?: number;
  readonly parameters?: number;
  readonly error?: string;
}

interface Recorded {
  readonly name: string;
  readonly size: number;
  readonly exporter: string;
  readonly file: string;
  readonly writtenOn: boolean;
  readonly tools: Readonly<Record<string, Printed>>;
}

const FOLDER = 'test/fixtures/counted/';
const { models }: { readonly models: readonly Recorded[] } = JSON.parse(readFileSync(`${FOLDER}counted.json`, 'utf8'));
const DYNAMO = models.filter(({ exporter }) => exporter === 'dynamo');

/** Where no count of the file can be the tool's: what is gone from the file, or wrong in the tool. */
const GONE: Readonly<Record<string, Readonly<Partial<Record<ToolName, string>>>>> = {
  coat_lite_tiny: {
    thop: 'Blocks share modules that the model names once more: thop counts them under each name and with each hook.',
    ptflops: 'The same, under each name.',
  },
  convmixer_768_32: { fvcore: "Its convolutions are padded 'same', which fvcore does not know and the exporter turns into numbers." },
  dla34: { ptflops: 'Two equal poolings of one tensor are one in the file.' },
  edgenext_xx_small: {
    thop: 'The position encoding, a convolution of constants, is computed before the run.',
    fvcore: 'The same.',
    ptflops: 'The same.',
    torchinfo: 'The same.',
    torch: 'The same.',
    'onnx-tool': 'Its shapes of ReduceL2 reduce every axis where the axes are an input, so that the Clip behind has one element.',
  },
  nfnet_l0: { fvcore: 'Weights are standardised before the run; fvcore counts that as a BatchNorm of every kernel.' },
  resnetv2_50x1_bit: { fvcore: 'The same.' },
  tf_efficientnetv2_b0: {
    thop: 'Its Conv2dSame is folded into the BatchNorm behind it, with the name of its class.',
    ptflops: 'The same.',
  },
  vgg11: { fvcore: 'Adaptive pooling to a larger size is written out.', ptflops: 'The same.' },
  xcit_nano_12_p16_224: { 'onnx-tool': 'Its shapes of ReduceL2, as above.' },
};
/** Files in which tables and scalars are others than the modules' parameters. */
const OTHER_PARAMETERS = new Set([
  ...['caformer_s18', 'coat_lite_tiny', 'edgenext_xx_small', 'efficientformer_l1', 'levit_128s', 'nfnet_l0', 'poolformer_s12'],
  ...['resnetv2_50x1_bit', 'tf_efficientnetv2_b0', 'tiny_vit_5m_224', 'vgg11', 'xcit_nano_12_p16_224'],
]);

async function analysed({ name, file }: Recorded): Promise<Analysis> {
  const bytes = new Uint8Array(gunzipSync(readFileSync(`${FOLDER}${file}`)));
  return analyse(await openModel(new BufferSource(bytes), { name: `${name}.onnx` }), { name, bytes: bytes.byteLength });
}

const printed = (model: Recorded, tool: ToolName) => {
  const found = model.tools[tool];
  return found && found.error === undefined ? found : null;
};

describe('what other tools print', () => {
  it('is recorded for models that no rule was written on, too', () => {
    expect(DYNAMO.filter(({ writtenOn }) => !writtenOn).length).toBeGreaterThanOrEqual(20);
  });

  for (const model of DYNAMO) {
    it(`is told to the last operation: ${model.name} at ${model.size}`, async () => {
      const gone = GONE[model.name] ?? {};
      const found = new Map(reconcile(await analysed(model), TOOLS).map((one) => [one.tool, one]));
      const asked = TOOLS.filter((tool) => printed(model, tool) && !gone[tool]);
      const totals = (of: (tool: ToolName) => unknown) => Object.fromEntries(asked.map((tool) => [tool, of(tool)]));
      expect(totals((tool) => Number(found.get(tool)?.total))).toEqual(totals((tool) => printed(model, tool)?.total));
      if (OTHER_PARAMETERS.has(model.name)) return;
      expect(totals((tool) => Number(found.get(tool)?.parameters))).toEqual(totals((tool) => printed(model, tool)?.parameters));
    });
  }

  it('needs no more exceptions than it has', async () => {
    for (const model of DYNAMO) {
      const gone = GONE[model.name];
      if (!gone) continue;
      const found = reconcile(await analysed(model), TOOLS).filter(({ tool }) => gone[tool] !== undefined);
      for (const { tool, total } of found)
        expect(`${model.name} ${tool} ${total}`).not.toBe(`${model.name} ${tool} ${printed(model, tool)?.total}`);
    }
  });

  it('is told of at least twenty models without any exception', () => {
    expect(DYNAMO.filter(({ name }) => !(name in GONE)).length).toBeGreaterThanOrEqual(20);
  });

  it('is told of a file without notes by its structure and names, as far as these go', async () => {
    const legacy = models.filter(({ exporter }) => exporter !== 'dynamo');
    expect(legacy.length).toBeGreaterThan(4);
    for (const model of legacy) {
      const found = new Map(reconcile(await analysed(model), TOOLS).map((one) => [one.tool, one]));
      // Classes of modules are not in the file; of plain torch.nn layers nothing is missing.
      const asked: readonly ToolName[] =
        model.name === 'resnet18' ? ['thop', 'fvcore', 'ptflops', 'torchinfo', 'torch', 'onnx-tool'] : ['fvcore', 'torch', 'onnx-tool'];
      for (const tool of asked)
        expect(`${model.file} ${tool} ${found.get(tool)?.total}`).toBe(`${model.file} ${tool} ${printed(model, tool)?.total}`);
      expect(found.get('thop')?.assumptions.join(' ')).toContain('The file does not say which classes its modules had');
    }
  });
});

describe('a reconciled figure', () => {
  for (const model of models) {
    it(`is the sum of its lines: ${model.file}`, async () => {
      const analysis = await analysed(model);
      for (const { tool, ours, total, unit, lines } of reconcile(analysis, TOOLS)) {
        if (unit === '') continue;
        const differences = lines.reduce((sum, { difference }) => sum + BigInt(difference), 0n);
        expect(`${tool} ${BigInt(ours) + differences}`).toBe(`${tool} ${total}`);
        expect(ours).toBe(analysis.profile.totals.macs);
        for (const line of lines) {
          expect(BigInt(line.theirs) - BigInt(line.ours)).toBe(BigInt(line.difference));
          expect(line.why).toMatch(/^[A-Z].*\.$/);
        }
      }
    });
  }
});
