import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { formatMicroseconds } from '../../../src/report/measured';
import { button } from '../../common/controls';
import { formatBytes, formatCount, formatExact, formatMacs, THIN_SPACE } from '../../common/format';
import { colorLegend } from '../../common/legend';
import { errorState } from '../../common/states';
import { common } from '../../common/strings';
import { adoptStyles } from '../../common/styles';
import { onThemeChange, theme } from '../../common/theme';
import { StoreElement } from '../storeElement';
import { t } from '../strings';
import { boxTimes } from './boxTimes';
import { bringIntoView, centerOn, fitScene, pan, zoomAt } from './camera';
import { boxTooltip, spokenBox } from './describeBox';
import { graphPng, graphSvg } from './exportGraph';
import { GraphStage } from './graphStage';
import viewStyles from './graphView.css';
import { boxAt, onChevron } from './hit';
import { keyHelp } from './keyHelp';
import { HEAT_MAP, type Look, makeLook } from './look';
import { minimapCamera } from './minimap';
import { type Direction, neighbour } from './navigate';
import { listenPointer, type PointerActions } from './pointer';
import { buildScene, type Scene, type SceneBox } from './scene';

const ZOOM_STEP = 1.25;
const TOOLTIP_DELAY_MS = 400;
const KEPT_CAMERA_DELAY_MS = 200;

const KEY_DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  Escape: 'outside',
};

/** The drawn graph: a canvas, its overview, zoom buttons, and a spoken line for what is selected. */
@customElement('graph-view')
export class GraphView extends StoreElement {
  /** Ids of the nodes that a search found, and the ones around them. */
  @property({ attribute: false }) found: ReadonlySet<string> = new Set();
  @query('.graph-canvas') private canvas?: HTMLCanvasElement;
  @query('.graph-minimap') private minimap?: HTMLCanvasElement;
  @state() private keysShown = false;
  @state() private tooltip: { readonly x: number; readonly y: number; readonly text: string } | null = null;
  #stage: GraphStage | null = null;
  #look: Look | null = null;
  #sceneOf: { levels: unknown; open: unknown; scene: Scene } | null = null;
  #lookOf: unknown[] = [];
  #anchor = '';
  #timers = { tooltip: 0, camera: 0 };
  #cleanup: (() => void)[] = [];

  protected override firstUpdated(): void {
    adoptStyles(viewStyles);
    if (!this.canvas || !this.minimap) return;
    const stage = new GraphStage(this.canvas, this.minimap, (camera) => {
      window.clearTimeout(this.#timers.camera);
      this.#timers.camera = window.setTimeout(() => this.store?.update({ camera }), KEPT_CAMERA_DELAY_MS);
    });
    stage.restore(this.store?.state.camera ?? null);
    this.#stage = stage;
    const area = this.canvas;
    const resize = () => stage.resize({ width: area.clientWidth, height: area.clientHeight });
    const observer = new ResizeObserver(resize);
    observer.observe(area);
    this.#cleanup = [
      () => observer.disconnect(),
      onThemeChange(() => this.requestUpdate()),
      listenPointer(this.canvas, this.#pointerActions(stage)),
      listenPointer(this.minimap, this.#minimapActions(stage)),
    ];
    resize();
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    for (const stop of this.#cleanup) stop();
    this.#cleanup = [];
    this.#stage?.stop();
    window.clearTimeout(this.#timers.tooltip);
    super.disconnectedCallback();
  }

  protected override updated(_changed: PropertyValues): void {
    const { store } = this;
    const stage = this.#stage;
    const index = store?.index;
    if (!store || !stage || !index) return;
    const { levels } = store;
    const { open, colorBy, selected } = store.state;
    if (this.#sceneOf?.levels !== levels || this.#sceneOf.open !== open) {
      this.#sceneOf = { levels, open, scene: buildScene(levels, new Set(open)) };
    }
    const { scene } = this.#sceneOf;
    const lookOf = [scene, index, colorBy, theme()];
    if (lookOf.some((part, place) => part !== this.#lookOf[place])) {
      this.#lookOf = lookOf;
      const timeOf = colorBy === 'time' ? boxTimes(index) : null;
      const timing = timeOf && { timeOf, total: index.measured?.total().microseconds ?? 0 };
      this.#look = makeLook(scene, index.profile, colorBy, theme(), timing);
      stage.show(scene, this.#look, this.#anchor);
      this.requestUpdate();
    }
    stage.mark({ selected: this.#keyIn(scene, selected), hovered: store.hovered, found: this.found });
    this.#follow(scene, stage);
  }

  /** The selected node may stand inside a closed group: then that group is marked. */
  #keyIn(scene: Scene, selected: string): string {
    if (scene.index.has(selected)) return selected;
    return this.store?.index?.ancestors(selected).find((id) => scene.index.has(id)) ?? selected;
  }

  #follow(scene: Scene, stage: GraphStage): void {
    const target = this.store?.reveal;
    if (!target || !this.store || stage.view.width === 0) return;
    const placed = scene.boxes[scene.index.get(this.#keyIn(scene, target.key)) ?? -1];
    if (!placed) return;
    this.store.reveal = null;
    const zoom = Math.max(stage.camera.zoom, 0.7);
    const near = zoom === stage.camera.zoom ? stage.camera : centerOn(placed, stage.view, zoom);
    const least = bringIntoView(near, placed, stage.view);
    const moved = least.x !== near.x || least.y !== near.y;
    if (moved && target.center && placed.height < stage.view.height / near.zoom) stage.moveTo(centerOn(placed, stage.view, near.zoom));
    else if (moved || near !== stage.camera) stage.moveTo(least);
  }

  #boxUnder(stage: GraphStage, x: number, y: number): { placed: SceneBox | null; world: [number, number] } {
    const { camera } = stage;
    const world: [number, number] = [camera.x + x / camera.zoom, camera.y + y / camera.zoom];
    return { placed: boxAt(stage.scene, ...world), world };
  }

  #pointerActions(stage: GraphStage): PointerActions {
    return {
      hover: (x, y) => {
        const { placed } = this.#boxUnder(stage, x, y);
        this.canvas?.classList.toggle('over-box', placed !== null);
        if ((placed?.key ?? '') !== (this.store?.hovered ?? '')) this.#hideTooltip();
        this.store?.hover(placed?.key ?? '');
        window.clearTimeout(this.#timers.tooltip);
        if (placed && !this.tooltip) this.#timers.tooltip = window.setTimeout(() => this.#showTooltip(placed, x, y), TOOLTIP_DELAY_MS);
      },
      leave: () => {
        this.#hideTooltip();
        this.store?.hover('');
      },
      pan: (dx, dy) => {
        this.#hideTooltip();
        stage.moveTo(pan(stage.camera, dx, dy));
      },
      panning: (active) => this.canvas?.classList.toggle('panning', active),
      click: (x, y) => {
        const { placed, world } = this.#boxUnder(stage, x, y);
        if (placed && onChevron(placed, ...world)) this.#toggle(placed);
        else if (placed?.box.kind !== 'portIn' && placed?.box.kind !== 'portOut') this.store?.select(placed?.key ?? '');
      },
      doubleClick: (x, y) => {
        const { placed, world } = this.#boxUnder(stage, x, y);
        if (placed && !onChevron(placed, ...world)) this.#toggle(placed);
      },
      zoom: (x, y, factor) => {
        this.#hideTooltip();
        stage.moveTo(zoomAt(stage.camera, x, y, factor));
      },
    };
  }

  #minimapActions(stage: GraphStage): PointerActions {
    const none = () => {};
    const size = () => ({ width: this.minimap?.clientWidth ?? 0, height: this.minimap?.clientHeight ?? 0 });
    return {
      hover: none,
      leave: none,
      panning: none,
      doubleClick: none,
      pan: (dx, dy) => {
        const { zoom } = minimapCamera(stage.scene, size());
        stage.moveTo({ ...stage.camera, x: stage.camera.x + dx / zoom, y: stage.camera.y + dy / zoom });
      },
      click: (x, y) => {
        const map = minimapCamera(stage.scene, size());
        const target = { x: map.x + x / map.zoom, y: map.y + y / map.zoom, width: 0, height: 0 };
        stage.moveTo(centerOn(target, stage.view, stage.camera.zoom));
      },
      zoom: (_x, _y, factor) => this.#zoom(factor),
    };
  }

  #showTooltip(placed: SceneBox, x: number, y: number): void {
    this.tooltip = { x, y, text: boxTooltip(placed) };
  }

  #hideTooltip(): void {
    window.clearTimeout(this.#timers.tooltip);
    this.tooltip = null;
  }

  #toggle(placed: SceneBox): void {
    if (placed.box.kind !== 'group') return;
    this.#anchor = placed.key;
    this.#hideTooltip();
    void this.store?.toggle(placed.key);
  }

  #zoom(factor: number): void {
    const stage = this.#stage;
    if (stage) stage.moveTo(zoomAt(stage.camera, stage.view.width / 2, stage.view.height / 2, factor));
  }

  #fit(): void {
    const stage = this.#stage;
    if (stage) stage.moveTo(fitScene(stage.scene, stage.view));
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.store || !this.#stage) return;
    const handled = this.#pressed(event.key, event.shiftKey);
    if (handled) event.preventDefault();
  };

  #pressed(key: string, shift: boolean): boolean {
    const { store } = this;
    const stage = this.#stage;
    if (!store || !stage) return false;
    const current = this.#keyIn(stage.scene, store.state.selected);
    const direction = shift && key === 'ArrowDown' ? 'inside' : shift && key === 'ArrowUp' ? 'outside' : KEY_DIRECTIONS[key];
    if (direction) {
      const next = neighbour(stage.scene, current, direction);
      if (next === null) return true;
      store.reveal = { key: next, center: false };
      store.select(next);
      return true;
    }
    if (key === 'Enter' || key === ' ') {
      const placed = stage.scene.boxes[stage.scene.index.get(current) ?? -1];
      if (placed) this.#toggle(placed);
    } else if (key === '+' || key === '=') this.#zoom(ZOOM_STEP);
    else if (key === '-') this.#zoom(1 / ZOOM_STEP);
    else if (key === '0' || key === 'f' || key === 'F') this.#fit();
    else if (key === ']') void store.expand();
    else if (key === '[') store.collapse();
    else if (key === '?') this.keysShown = !this.keysShown;
    else return false;
    return true;
  }

  #save(kind: 'svg' | 'png'): void {
    const { store } = this;
    const [stage, look] = [this.#stage, this.#look];
    if (!store?.index || !stage || !look) return;
    const bytes = kind === 'svg' ? graphSvg(stage.scene, look) : graphPng(stage.scene, look, look.theme);
    const name = `${store.index.profile.model.name.replace(/\.[^.]*$/, '')}-graph.${kind}`;
    store.save(name, bytes);
  }

  protected override render(): TemplateResult {
    const { store } = this;
    const root = store?.levels.get('');
    const stage = this.#stage;
    const selected = stage?.scene.boxes[stage.scene.index.get(store?.state.selected ?? '') ?? -1];
    return html`<div class="graph-stage">
        <canvas class="graph-canvas" tabindex="0" role="application" aria-label=${t.canvasLabel} @keydown=${this.#key}></canvas>
        <div class="offscreen" role="status" aria-live="polite">${selected && store?.index ? spokenBox(selected, store.index) : ''}</div>
        ${this.#legend()}
        <canvas class="graph-minimap" role="img" aria-label=${t.minimap} ?hidden=${!root}></canvas>
        ${
          this.tooltip
            ? html`<div class="graph-tooltip" style="left: ${this.#tooltipLeft()}px; top: ${this.tooltip.y + 18}px">${this.tooltip.text}</div>`
            : nothing
        }
        ${this.keysShown ? keyHelp(() => this.#hideKeys()) : nothing}
        ${this.#problem()}
      </div>
      <div class="graph-bar">
        <span class="graph-footer" title=${this.#footer()}>${this.#footer()}</span>
        <span class="graph-tools">
          ${button({ label: t.expandLevel, icon: 'expand-all', appearance: 'icon', onClick: () => void store?.expand() })}
          ${button({ label: t.collapseAll, icon: 'collapse-all', appearance: 'icon', onClick: () => store?.collapse() })}
          ${button({ label: t.zoomOut, icon: 'zoom-out', appearance: 'icon', onClick: () => this.#zoom(1 / ZOOM_STEP) })}
          ${button({ label: t.zoomIn, icon: 'zoom-in', appearance: 'icon', onClick: () => this.#zoom(ZOOM_STEP) })}
          ${button({ label: t.fit, icon: 'screen-full', appearance: 'icon', onClick: () => this.#fit() })}
          ${button({ label: t.savePng, icon: 'device-camera', appearance: 'icon', onClick: () => this.#save('png') })}
          ${button({ label: t.saveSvg, icon: 'save', appearance: 'icon', onClick: () => this.#save('svg') })}
          ${button({
            label: t.showKeys,
            icon: 'keyboard',
            appearance: 'icon',
            pressed: this.keysShown,
            onClick: () => {
              this.keysShown = !this.keysShown;
            },
          })}
        </span>
      </div>`;
  }

  #hideKeys(): void {
    this.keysShown = false;
    this.querySelector<HTMLElement>('.graph-canvas')?.focus();
  }

  #tooltipLeft(): number {
    return Math.max(4, Math.min((this.tooltip?.x ?? 0) + 12, this.clientWidth - 240));
  }

  #problem(): TemplateResult | typeof nothing {
    const { store } = this;
    const failed = store?.levelError;
    if (!store || !failed) {
      return store?.levels.get('')?.boxes.length === 0 ? html`<div class="graph-message description">${t.emptyGraph}</div>` : nothing;
    }
    return html`<div class="graph-message">
      ${errorState(t.cannotDraw, failed.error, [{ label: common.retry, onClick: () => store.retryLevel() }])}
    </div>`;
  }

  #legend(): TemplateResult | typeof nothing {
    const look = this.#look;
    if (!look || look.colorBy === 'kind') return nothing;
    const most =
      look.colorBy === 'memory'
        ? formatBytes(look.most)
        : look.colorBy === 'macs'
          ? formatMacs(look.most)
          : look.colorBy === 'time'
            ? formatMicroseconds(look.most)
            : `${formatCount(look.most)} ${t.parameters}`;
    const zero = look.colorBy === 'memory' ? `0${THIN_SPACE}B` : '0';
    return html`<div class="graph-legend">${colorLegend(HEAT_MAP, zero, most)}</div>`;
  }

  #footer(): string {
    const { store } = this;
    const root = store?.levels.get('');
    if (!store?.index || !root) return '';
    const operators = store.index.profile.lengths.nodes;
    const boxes = root.boxes.filter((box) => box.kind === 'group' || box.kind === 'node').length;
    const single = root.boxes.some((box) => box.kind === 'node');
    const { hidden } = root;
    const counted = t.footer(
      operators === 1 ? t.oneOperator : t.operators(formatExact(operators)),
      boxes === 1 ? t.oneBlock : single ? t.boxes(formatExact(boxes)) : t.blocks(formatExact(boxes)),
    );
    return hidden === 0 ? counted : `${counted} ${t.hidden(formatExact(hidden))}`;
  }
}
