import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { button, icon } from '../../common';
import { LightElement } from '../../common/element';
import { Watching } from '../../common/store';
import type { CompareStore } from '../store';
import { curvesChart } from './chart';
import { chosenCurves, curveTools, sizeField } from './controls';
import { type Job, SizeCounts } from './counts';
import { crossings } from './crossings';
import { curvesCsv } from './csv';
import { measureLook, partsLook } from './measures';
import { type ChartPlan, planCharts } from './plan';
import { refinements } from './refine';
import { partCrossings, standing, type ToldCrossing, tellModels, tellParts } from './sentences';
import { type DrawnCurve, failures, modelCurves, partCurves } from './series';
import { t } from './strings';

/** The charts above push this one down when they appear: it waits for that before it takes itself for seen. */
const SETTLE_MS = 50;
/** Crossings with a ring, and sentences in sight before the rest is folded away. */
const MARKED = 30;
const TOLD = 4;
/** Sentences on models that cannot be drawn. */
const EXCUSED = 6;

/** Costs over image size or sequence length; counted once the section comes into sight. */
@customElement('compare-curves')
export class CompareCurves extends LightElement {
  @property({ attribute: false }) store: CompareStore | null = null;
  @state() private seen = false;
  @state() private width = 0;
  #counts: SizeCounts | null = null;
  #wanted: readonly Job[] = [];
  #timer = 0;
  #cleanup: (() => void)[] = [];
  protected readonly watching = new Watching(this, () => this.store);

  override connectedCallback(): void {
    super.connectedCallback();
    const { store } = this;
    if (!store) return;
    this.#counts ??= new SizeCounts(store.api, () => this.requestUpdate());
    const sight = new IntersectionObserver((entries) => {
      this.seen = entries.at(-1)?.isIntersecting ?? false;
    });
    const size = new ResizeObserver(() => {
      this.width = this.clientWidth;
    });
    sight.observe(this);
    size.observe(this);
    this.#cleanup = [() => sight.disconnect(), () => size.disconnect()];
  }

  override disconnectedCallback(): void {
    for (const stop of this.#cleanup) stop();
    window.clearTimeout(this.#timer);
    this.#counts?.dispose();
    super.disconnectedCallback();
  }

  /** Every counted size of every model with each measure; for the export. */
  csv(): string {
    const { store } = this;
    const counts = this.#counts;
    return store && counts ? curvesCsv(planCharts(store.rows, { ...chosenCurves(store), partsOf: '' }).charts, counts) : '';
  }

  protected override render(): TemplateResult | typeof nothing {
    const { store } = this;
    const counts = this.#counts;
    if (!store || !counts) return nothing;
    const { charts, sizeless } = planCharts(store.rows, chosenCurves(store));
    const drawn = charts.map((plan) => this.#drawn(plan, counts, store));
    this.#want(drawn, counts, store);
    if (charts.length === 0) return this.#empty(sizeless);
    return html`${drawn.map((chart, index) => this.#chart(chart, { store, counts, first: index === 0 }))}
      ${this.#progress(counts, store)} ${excuses(sizeless)}`;
  }

  #drawn(plan: ChartPlan, counts: SizeCounts, store: CompareStore): Drawn {
    const { measure, partsOf } = chosenCurves(store);
    if (partsOf !== '') {
      const curves = partCurves(plan, counts, measure);
      return { plan, curves, told: tellParts(partCrossings(curves), plan.kind), look: partsLook(measure) };
    }
    const curves = modelCurves(plan, counts, measure);
    const look = measureLook(measure);
    return { plan, curves, told: tellModels(crossings(curves), look, plan.kind), look };
  }

  /** What is in sight is counted, when every row of the table is; then what makes the crossings exact. */
  #want(drawn: readonly Drawn[], counts: SizeCounts, store: CompareStore): void {
    if (!this.seen || store.counting) return;
    const jobs: readonly Job[] = drawn.flatMap(({ plan }) => plan.models);
    const open = jobs.some((job) => counts.missing(job).length > 0);
    const exact = open
      ? []
      : drawn.flatMap(({ plan, told }) =>
          refinements(
            plan,
            told.map(({ at }) => at),
            counts,
          ),
        );
    this.#wanted = [...jobs, ...exact];
    this.#timer ||= window.setTimeout(() => this.#ask(counts), SETTLE_MS);
  }

  #ask(counts: SizeCounts): void {
    this.#timer = 0;
    // Nothing is counted beside a model that is being timed.
    if (this.seen) counts.want(this.store?.queue.current ? [] : this.#wanted);
  }

  #chart(drawn: Drawn, { store, counts, first }: Context): TemplateResult {
    const { plan, curves, told, look } = drawn;
    const chosen = chosenCurves(store);
    const name = plan.kind === 'image' ? t.overImages(look.title) : t.overSequences(look.title);
    const [only] = plan.models;
    const title = chosen.partsOf === '' ? name : t.partsTitle(name, only?.model.name ?? '');
    return html`<section class="curves" data-kind=${plan.kind} aria-label=${title}>
      <div class="chart-head">
        <h2 class="section-title">${title}</h2>
        ${first ? curveTools(store) : nothing}
      </div>
      <div class="chart-head">${sizeField(store, plan)}</div>
      ${isPointless(drawn, counts) ? note(t.nothing) : this.#picture(drawn, title, store)}
      ${
        chosen.partsOf === ''
          ? nothing
          : answer(
              standing(
                curves,
                told.map(({ at }) => at),
              ),
            )
      }
      ${tellAll(told)} ${plan.available > plan.models.length ? note(t.limited(String(plan.models.length), String(plan.available))) : nothing}
      ${excuses(failures(plan, counts))}
    </section>`;
  }

  #picture({ plan, curves, told, look }: Drawn, label: string, store: CompareStore): TemplateResult {
    const { logarithmic } = chosenCurves(store);
    const counted = curves.filter(({ marks }) => marks.length > 0);
    const positive = counted.filter(({ marks }) => marks.every(({ y }) => y > 0));
    const log = logarithmic && !look.share;
    const shown = log ? positive : counted;
    if (shown.length === 0 || this.width === 0) return html`<div class="curves-blank"></div>`;
    const ids = new Set(shown.map(({ id }) => id));
    const without = counted.filter(({ id }) => !ids.has(id)).map(({ name }) => name);
    const flat = counted.every(({ marks }) => marks.length > 1 && marks.every(({ y }) => y === marks[0]?.y));
    return html`${curvesChart({
      label,
      curves: shown,
      crossings: told.filter(({ at }) => ids.has(at.below.id) && ids.has(at.above.id)).slice(0, MARKED),
      look,
      logarithmic,
      sizes: plan.sizes,
      axisTitle: plan.kind === 'image' ? t.pixels : t.steps,
      width: Math.max(280, this.width),
    })}
    ${told.length > MARKED ? note(t.unmarked(String(MARKED))) : nothing} ${flat ? note(t.constant) : nothing}
    ${without.length > 0 ? note(t.noZero(without.join(', '))) : nothing}`;
  }

  #progress(counts: SizeCounts, store: CompareStore): TemplateResult | typeof nothing {
    const { current } = counts;
    if (current) {
      const progress = { stage: t.counting(current.model.name, String(current.sizes.length)), fraction: counts.fraction };
      return html`<busy-state class="curves-counting" bare .progress=${progress} .onCancel=${() => counts.cancel()}></busy-state>`;
    }
    if (counts.stopped) return html`<p class="curves-note">${t.stopped} ${button({ label: t.resume, onClick: () => counts.resume() })}</p>`;
    return this.seen && store.counting ? note(t.waiting) : nothing;
  }

  #empty(sizeless: readonly string[]): TemplateResult | typeof nothing {
    return sizeless.length === 0 ? nothing : html`<section class="curves">${note(t.nothing)}${excuses(sizeless)}</section>`;
  }
}

/** True when all is counted and no line has two points. */
function isPointless({ plan, curves }: Drawn, counts: SizeCounts): boolean {
  return plan.models.every((job) => counts.missing(job).length === 0) && curves.every(({ marks }) => marks.length < 2);
}

interface Drawn {
  readonly plan: ChartPlan;
  readonly curves: readonly DrawnCurve[];
  readonly told: readonly ToldCrossing[];
  readonly look: ReturnType<typeof measureLook>;
}

interface Context {
  readonly store: CompareStore;
  readonly counts: SizeCounts;
  readonly first: boolean;
}

function note(text: string): TemplateResult {
  return html`<p class="curves-note description">${text}</p>`;
}

function answer(text: string): TemplateResult | typeof nothing {
  return text === '' ? nothing : html`<p class="curves-note curves-answer">${text}</p>`;
}

/** The rings' sentences, for reading: what is drawn is one picture to a screen reader. */
function tellAll(told: readonly ToldCrossing[]): TemplateResult | typeof nothing {
  if (told.length === 0) return nothing;
  const item = ({ text }: ToldCrossing) => html`<li>${text}</li>`;
  const rest = told.slice(TOLD);
  return html`<ul class="crossings" aria-label=${t.crossings}>${told.slice(0, TOLD).map(item)}</ul>
    ${
      rest.length === 0
        ? nothing
        : html`<details class="crossings-more"><summary>${t.moreCrossings(rest.length)}</summary><ul class="crossings">${rest.map(item)}</ul></details>`
    }`;
}

/** Models that cannot be drawn, or not at every size. */
function excuses(sentences: readonly string[]): TemplateResult | typeof nothing {
  if (sentences.length === 0) return nothing;
  const more = sentences.length - EXCUSED;
  return html`<ul class="curves-failed">
    ${sentences.slice(0, EXCUSED).map((text) => html`<li>${icon('info')}<span>${text}</span></li>`)}
    ${more > 0 ? html`<li>${icon('info')}<span>${t.moreFailed(more)}</span></li>` : nothing}
  </ul>`;
}
