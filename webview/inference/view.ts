import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { type AttentionLayer, createClient, type InferenceViewApi, type Recipe, type RunResult } from '../../src/protocol';
import { errorState, hostChannel, LightElement, onHostEvent } from '../common';
import { Watching } from '../common/store';
import { answerSection, FIRST_LABELS, timeSection } from './answer';
import { AttentionFindings, type Subject } from './attention';
import { attentionSection } from './attentionSection';
import { notes, panelHeader } from './header';
import { panelMenu } from './panelMenu';
import type { Heat, Place, Query } from './query';
import { querySection } from './queryLine';
import { recipeSection } from './recipeSection';
import { chosenLayer, clampTo, type Look } from './selection';
import type { InferenceStage } from './stage';
import { stageControls } from './stageControls';
import { cancelledState, firstRun, rerunLine } from './states';
import { InferenceStore } from './store';
import { strings } from './strings';
import { standsAlone } from './windows';
import './stage';

/** What the picture shows now. */
interface Shown {
  readonly findings: AttentionFindings;
  readonly subject: Subject;
  readonly query: Query;
  readonly heat: Heat | null;
}

/** The inference panel: one image, one model, its answer and its attention. */
@customElement('inference-view')
export class InferenceView extends LightElement {
  readonly store = new InferenceStore(createClient<InferenceViewApi>(hostChannel).api);
  protected readonly watching = new Watching(this, () => this.store);
  @state() private pointed: Place | null = null;
  @state() private pinned: Place | null = null;
  @state() private labels = FIRST_LABELS;
  @state() private editing = false;
  #findings: { readonly result: RunResult; readonly findings: AttentionFindings } | null = null;
  #stops: (() => void)[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') this.pinned = null;
    };
    document.addEventListener('keydown', onKey);
    this.#stops = [
      onHostEvent((event) => event.type !== 'reveal' && this.#run(event.type === 'rerun' && event.another === true)),
      () => document.removeEventListener('keydown', onKey),
    ];
    this.#run();
  }

  override disconnectedCallback(): void {
    for (const stop of this.#stops) stop();
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { result, running, progress, error, cancelled } = this.#runs.state;
    const cancel = () => this.#runs.cancel();
    const again = { label: strings.runAgain, onClick: () => this.#run() };
    // Beside a result the header offers other models.
    const actions = result
      ? [again]
      : [again, { label: strings.chooseModel, onClick: () => void this.store.act((api) => api.chooseModel({})) }];
    const failure = error ? errorState(strings.failed, error, actions) : nothing;
    if (!result) return running ? firstRun(progress, cancel) : cancelled ? cancelledState(actions) : html`${failure}`;
    const shown = this.#shown(result);
    // One cause may break many things: it is told once, and there is one way on.
    const mapError = running || error || cancelled ? undefined : shown?.findings.error(shown.subject);
    const told = Boolean(error || cancelled || mapError);
    return html`${this.#header(result, shown, told)}
    ${failure} ${cancelled ? cancelledState(actions) : nothing}
    ${this.store.problem ? errorState(strings.saveFailed, this.store.problem) : nothing} ${notes(result)}
    <main class="panel-body" aria-busy=${String(running)}>
      <div class="panel-columns">
        <div class="stage-column">${this.#stage(shown)}
          ${mapError ? errorState(strings.mapFailed, mapError, [again]) : nothing}
          ${stageControls(this.#look, shown, (change) => this.store.update(change))} ${this.#aloneNote(shown)}</div>
        <div class="answer-column">
          ${answerSection(result, this.labels, (count) => {
            this.labels = count;
          })}
          ${timeSection(result)} ${this.#recipe(result)} ${shown ? this.#query(shown) : nothing}
        </div>
      </div>
      ${shown ? this.#strips(result, shown) : html`<p class="description no-attention">${strings.noAttention}</p>`}
    </main>`;
  }

  #header(result: RunResult, shown: Shown | null, told: boolean): TemplateResult {
    const { running, progress } = this.#runs.state;
    return panelHeader(result, running ? rerunLine(progress, () => this.#runs.cancel()) : null, {
      chooseModel: () => void this.store.act((api) => api.chooseModel({})),
      chooseProvider: () => void this.store.act((api) => api.chooseProvider({})),
      run: told ? null : () => this.#run(),
      menu: panelMenu({
        api: this.store.api,
        result,
        shown,
        labels: this.labels,
        scene: (ratio) => this.querySelector<InferenceStage>('inference-stage')?.scene(ratio) ?? null,
        wait: (done) => this.store.wait(done),
      }),
    });
  }

  #run(another = false): void {
    this.editing = false;
    this.pointed = null;
    this.store.run(another);
  }

  get #runs(): InferenceStore['runs'] {
    return this.store.runs;
  }

  get #look(): Look {
    return this.store.state;
  }

  #shown(result: RunResult): Shown | null {
    const layer = chosenLayer(result.attention, this.#look);
    const maps = this.#runs.maps;
    if (!layer || !maps) return null;
    if (this.#findings?.result !== result) this.#findings = { result, findings: new AttentionFindings(result, maps) };
    const { findings } = this.#findings;
    const look = clampTo(layer, this.#look, findings.rolloutOffered);
    const subject = { layer, head: look.head, window: look.window };
    const query = findings.queryOf(subject, this.pinned ?? this.pointed);
    return { findings, subject, query, heat: findings.heat(subject, query, true) };
  }

  #stage(shown: Shown | null): TemplateResult {
    const { result, original, seen } = this.#runs.state;
    const alone = shown !== null && standsAlone(shown.subject.layer);
    return html`<inference-stage
        .result=${result}
        .original=${original}
        .seen=${seen}
        .layer=${shown?.subject.layer ?? null}
        .heat=${shown?.heat ?? null}
        .alone=${alone}
        .query=${shown?.query ?? null}
        .pinned=${this.pinned !== null}
        .look=${this.#look}
        .onPoint=${(place: Place | null) => this.#point(shown, place)}
        .onPin=${(place: Place | null) => this.#pin(shown, place)}
      ></inference-stage>`;
  }

  /** What the network saw, beside a heat that cannot lie on it. */
  #aloneNote(shown: Shown | null): TemplateResult | typeof nothing {
    if (!shown || !standsAlone(shown.subject.layer)) return nothing;
    return html`<div class="alone-note">
      <heat-thumbnail .image=${this.#runs.state.seen} .look=${this.#look}></heat-thumbnail>
      <p class="description">${shown.subject.layer.keyGrid ? strings.inWindow : strings.noGrid}</p>
    </div>`;
  }

  /** The view changes only when the pointer comes to another patch. */
  #point(shown: Shown | null, place: Place | null): void {
    if (this.pinned) return;
    const query = shown?.findings.queryOf(shown.subject, place);
    if (JSON.stringify(query) !== JSON.stringify(shown?.query)) this.pointed = place;
  }

  /** A click on the pinned patch lets it go. */
  #pin(shown: Shown | null, place: Place | null): void {
    const before = shown && this.pinned ? shown.findings.queryOf(shown.subject, this.pinned) : null;
    const after = shown && place ? shown.findings.queryOf(shown.subject, place) : null;
    const same = before?.kind === 'patch' && JSON.stringify(before) === JSON.stringify(after);
    this.pinned = same ? null : place;
  }

  #query(shown: Shown): TemplateResult {
    const { seen } = this.#runs.state;
    return querySection({
      ...shown,
      size: { width: seen?.width ?? 1, height: seen?.height ?? 1 },
      pinned: this.pinned !== null,
      onUnpin: () => {
        this.pinned = null;
      },
    });
  }

  #strips(result: RunResult, { findings, subject }: Shown): TemplateResult {
    return attentionSection({
      result,
      findings,
      subject,
      seen: this.#runs.state.seen,
      look: { ...this.#look, head: subject.head },
      place: this.pinned,
      onLook: (change) => this.store.update(change),
      onOpen: (layer: AttentionLayer) => void this.store.act((api) => api.openModel({ node: layer.block })),
    });
  }

  #recipe(result: RunResult): TemplateResult {
    return recipeSection(result.recipe, {
      editing: this.editing,
      edited: Object.keys(this.#runs.overrides).length > 0,
      onEdit: (editing) => {
        this.editing = editing;
      },
      onApply: (changes) => this.#applyRecipe({ ...this.#runs.overrides, ...changes }),
      onReset: () => this.#applyRecipe({}),
    });
  }

  #applyRecipe(overrides: Partial<Recipe>): void {
    this.#runs.overrides = overrides;
    this.#run();
  }
}
