import type { Model } from '../model';
import type { Fact } from '../operators/rule';
import { trialsOf } from './assumptions';
import { bakedSize } from './bakedSize';
import { type Assumed, type BindingRequest, type ChosenBindings, chooseBindings } from './bindings';
import { givenFacts } from './givenValues';
import { countMisfits, withAssumptions } from './misfits';
import { inferShapes, type ShapeResult } from './shapes';
import { WorkBudget } from './shapes/budget';

/** What an analysis is made with: the chosen sizes, and the shapes that they give. */
export interface Bound {
  readonly bindings: ChosenBindings;
  readonly shapes: ShapeResult;
}

interface Tried extends Bound {
  readonly assumed: Assumed;
  readonly misfits: number;
  /** Contradictions, and values whose shape they leave unknown: one early on hides many others. */
  readonly faults: number;
}

/** Choices of sizes that are tried for one model: a few rounds of a handful of dimensions. */
const MAX_TRIALS = 80;

/**
 * Binds the free dimensions and infers. Where what is assumed contradicts the model, other sizes are tried, all free
 * dimensions in turn, and the choice with the fewest contradictions is kept; what contradicts it still names it.
 * All trials share one budget: none begins that the last one says cannot be paid, and one that ran short counts not.
 */
export function* bind(model: Model, request: BindingRequest): Generator<'shapes', Bound, void> {
  const search = new Search(model, request);
  let best = search.attempt({});
  yield 'shapes';
  if (best.misfits > 0) {
    for (const group of trialsOf(model, request, best.bindings)) {
      const { assumed } = best;
      for (const trial of group) {
        if (best.misfits === 0 || !search.mayGoOn) break;
        const next = search.attemptNew(trial(assumed));
        if (!next) continue;
        yield 'shapes';
        if ((next.misfits === 0 || next.faults < best.faults) && !search.ranShort) best = next;
      }
    }
  }
  const { bindings, shapes, misfits } = best;
  const baked = bakedSize({ model, shapes, asked: bindings.shapes, numbers: bindings.numbers, budget: new WorkBudget(model) });
  if (misfits === 0 && baked.length === 0) return { bindings, shapes };
  return { bindings, shapes: { ...shapes, findings: [...baked, ...withAssumptions(shapes.findings, bindings.bindings)] } };
}

class Search {
  private readonly budget: WorkBudget;
  private readonly seen = new Set<string>();
  private cost = 0;

  constructor(
    private readonly model: Model,
    private readonly request: BindingRequest,
  ) {
    this.budget = new WorkBudget(model);
  }

  get ranShort(): boolean {
    return this.budget.isSpent;
  }

  get mayGoOn(): boolean {
    return this.seen.size < MAX_TRIALS && !this.budget.isSpent && this.budget.remaining >= this.cost;
  }

  attempt(assumed: Assumed): Tried {
    return this.run(assumed, chooseBindings(this.model, this.request, assumed));
  }

  /** `null` for sizes that were tried before. */
  attemptNew(assumed: Assumed): Tried | null {
    const bindings = chooseBindings(this.model, this.request, assumed);
    return this.seen.has(keyOf(bindings)) ? null : this.run(assumed, bindings);
  }

  private run(assumed: Assumed, bindings: ChosenBindings): Tried {
    this.seen.add(keyOf(bindings));
    const before = this.budget.remaining;
    const { numbers, shapes: asked } = bindings;
    const facts = givenFacts(this.model, { values: this.request.values ?? {}, numbers, shapes: asked });
    const shapes = inferShapes(this.model, { bindings: numbers, shapes: asked, facts, budget: this.budget });
    this.cost = before - this.budget.remaining;
    const misfits = countMisfits(shapes.findings);
    return { assumed, bindings, shapes, misfits, faults: misfits === 0 ? 0 : misfits + countUnknown(shapes) };
  }
}

/** Values of all scopes whose shape is not known. */
function countUnknown({ scopes, fact }: ShapeResult): number {
  let count = 0;
  for (const scope of scopes.values()) {
    for (const { outputs } of scope.nodes) {
      for (const name of outputs) if (name !== '' && isUnknown(fact(name, scope))) count++;
    }
  }
  return count;
}

function isUnknown(fact: Fact): boolean {
  return fact.kind === 'unknown' || (fact.kind === 'tensor' && (fact.shape?.includes(null) ?? true));
}

function keyOf({ numbers }: ChosenBindings): string {
  return JSON.stringify(numbers);
}
