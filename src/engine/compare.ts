import { isAbsolute, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  type Comparison,
  type ComparisonRow,
  checkLimits,
  comparedFigures,
  differences,
  diffModels,
  parseLimits,
  structuralText,
} from '../analysis/compare';
import { inferShapes } from '../analysis/shapes';
import { FormatError, LimitError, UserError } from '../bytes';
import { hasGraph } from '../model';
import type { EngineApi, Handlers, ModelReference } from '../protocol';
import type { AnalysisStore } from './analysisStore';
import { checkpointFigures } from './checkpointFigures';
import type { Checkpoints } from './checkpoints';
import { atSize, Profiles } from './profiles';

type Methods = Pick<Handlers<EngineApi>, 'compare' | 'diff' | 'check' | 'structure'>;

/** Models and sizes of one comparison: more would be a slip of the keyboard. */
const MAX_ROWS = 2000;

/** What compares models with each other and with their budgets. */
export function compareMethods(
  store: AnalysisStore,
  architectures: Pick<Handlers<EngineApi>, 'architecture' | 'architectures'>,
  checkpoints: Pick<Checkpoints, 'of'>,
): Methods {
  const profiles = new Profiles(store, architectures);
  return {
    compare: async ({ models, sizes = [], baseline = 0 }, context) => {
      const asked = sizes.length > 0 ? sizes : [null];
      if (models.length * asked.length > MAX_ROWS) throw new UserError(`A comparison has at most ${MAX_ROWS} rows; compare fewer models.`);
      if (!models[baseline]) throw new UserError(`There is no model ${baseline + 1} to be the baseline.`);
      const rows: ComparisonRow[] = [];
      for (const [index, model] of models.entries()) {
        for (const size of asked) {
          context.signal.throwIfAborted();
          context.progress({ stage: `compare ${nameOf(model)}`, fraction: rows.length / (models.length * asked.length) });
          rows.push(await row(model, { model: index, name: nameOf(model), size }, { profiles, checkpoints, signal: context.signal }));
          await setImmediate();
        }
      }
      return withDifferences({ schema: 1, baseline, sizes, rows });
    },
    diff: async ({ before, after }, { signal }) => {
      const from = await profiles.of(before, signal);
      const to = await profiles.of(after, signal);
      await setImmediate();
      signal.throwIfAborted();
      return diffModels(from.profile, to.profile);
    },
    check: async ({ model, limits: content, folder }, { signal }) => {
      const limits = parseLimits(content);
      const { profile } = await profiles.of(model, signal);
      const baselines = new Map();
      for (const name of new Set(limits.map(({ baseline }) => baseline).filter((name) => name !== ''))) {
        baselines.set(name, (await profiles.of(referenceTo(name, folder), signal)).profile);
      }
      return { results: checkLimits(profile, limits, baselines), profile };
    },
    structure: async ({ model }, { signal }) => {
      const opened = await store.open(model, signal);
      return structuralText(opened.model, inferShapes(opened.model));
    },
  };
}

/** `arch:VARIANT`, or a path relative to `folder`. */
function referenceTo(name: string, folder: string): ModelReference {
  if (name.startsWith('arch:')) return { kind: 'architecture', variant: name.slice('arch:'.length) };
  return { kind: 'file', path: isAbsolute(name) ? name : join(folder, name) };
}

function nameOf(model: ModelReference): string {
  if (model.kind === 'architecture') return model.variant ?? model.family ?? '';
  return model.kind === 'file' ? (model.path.split(/[\\/]/).at(-1) ?? model.path) : model.name;
}

async function row(
  model: ModelReference,
  place: Pick<ComparisonRow, 'model' | 'name' | 'size'>,
  {
    profiles,
    checkpoints,
    signal,
  }: { readonly profiles: Profiles; readonly checkpoints: Pick<Checkpoints, 'of'>; readonly signal: AbortSignal },
): Promise<ComparisonRow> {
  try {
    const opened = model.kind === 'architecture' ? null : await profiles.store.artifact(model, signal);
    if (opened && !hasGraph(opened.artifact)) {
      return { ...place, inputs: [], figures: checkpointFigures(checkpoints.of(opened).structure), difference: null, error: '' };
    }
    const measured = place.size === null ? await profiles.of(model, signal) : await atSize(profiles, model, place.size, signal);
    const counted = comparedFigures(measured.profile, measured.record?.published?.top1 ?? null, await profiles.inputSize(model, measured));
    return { ...place, inputs: measured.profile.model.inputs, figures: counted, difference: null, error: '' };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof FormatError || error instanceof LimitError)) throw error;
    return { ...place, inputs: [], figures: null, difference: null, error: error.message };
  }
}

/** Every row against the baseline's row of its size. */
function withDifferences(comparison: Comparison): Comparison {
  const bases = new Map(comparison.rows.filter(({ model }) => model === comparison.baseline).map(({ size, figures }) => [size, figures]));
  return {
    ...comparison,
    rows: comparison.rows.map((row) => {
      const base = bases.get(row.size);
      if (row.model === comparison.baseline || !row.figures || !base) return row;
      return { ...row, difference: differences(row.figures, base) };
    }),
  };
}
