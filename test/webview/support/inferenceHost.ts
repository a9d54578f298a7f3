import type { AttentionMap, CallContext, Handlers, InferenceViewApi, Recipe, RunResult } from '../../../src/protocol';
import { attentionMap, layer, result, scenePng, type Tokens } from './inferenceData';

const VIT: Tokens = { leading: 1, rows: 8, columns: 8 };
const HYBRID: Tokens = { leading: 0, rows: 8, columns: 8 };

/** What the view asked of the host. */
export interface Asked {
  readonly runs: (Partial<Recipe> | undefined)[];
  readonly maps: string[];
  readonly copied: string[];
  readonly saved: { readonly name: string; readonly bytes: Uint8Array }[];
  readonly opened: (string | undefined)[];
  readonly chosen: string[];
}

export interface Host {
  readonly handlers: Handlers<InferenceViewApi>;
  readonly asked: Asked;
}

export interface HostOptions {
  readonly result: RunResult;
  readonly map?: (block: string, head: number | 'mean', window: number) => AttentionMap;
  readonly original?: Promise<Buffer>;
  readonly seen?: Promise<Buffer>;
  /** Takes the place of answering with `result`. */
  readonly run?: (context: CallContext, attempt: number) => Promise<RunResult>;
}

/** A host that answers from data and remembers what it was asked. */
export function host(options: HostOptions): Host {
  const asked: Asked = { runs: [], maps: [], copied: [], saved: [], opened: [], chosen: [] };
  const handlers: Handlers<InferenceViewApi> = {
    run: async ({ recipe }, context) => {
      asked.runs.push(recipe);
      if (options.run) return options.run(context, asked.runs.length);
      return recipe ? { ...options.result, recipe: { ...options.result.recipe, ...recipe, source: 'edited' } } : options.result;
    },
    image: async ({ which }) => (which === 'seen' ? (options.seen ?? scenePng()) : (options.original ?? scenePng())),
    attention: async ({ block, head, window }) => {
      asked.maps.push(`${block}/${head}/${window}`);
      if (!options.map) throw new Error('this host has no attention');
      return options.map(block, head, window);
    },
    chooseModel: async () => void asked.chosen.push('model'),
    chooseProvider: async () => void asked.chosen.push('provider'),
    openModel: async ({ node }) => void asked.opened.push(node),
    copy: async ({ text }) => void asked.copied.push(text),
    save: async (file) => void asked.saved.push(file),
  };
  return { handlers, asked };
}

/** A ViT of 4 layers and 4 heads over 8 x 8 patches and a class token. */
export function vitHost(change: Partial<RunResult> = {}): Host {
  const attention = [0, 1, 2, 3].map((index) => layer(`block.${index}`, `Layer ${index}`, VIT));
  const depth = (block: string) => Number(block.split('.')[1]) / 3;
  return host({
    result: result({ model: 'vit.onnx', attention, ...change }),
    map: (block, head) => attentionMap(block, VIT, depth(block), head, 4),
  });
}

/** A hybrid of two attention blocks over 8 x 8 tokens without a class token. */
export function hybridHost(change: Partial<RunResult> = {}): Host {
  const attention = [layer('s3.0', 'S3.0', HYBRID), layer('s3.1', 'S3.1', HYBRID)];
  return host({
    result: result({ attention, ...change }),
    map: (block, head) => attentionMap(block, HYBRID, block === 's3.1' ? 0.9 : 0.3, head, 4),
  });
}
