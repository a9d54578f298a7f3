import { reducedMotion } from '../../common/theme';
import { between, canAnimate, DURATION_MS } from './animate';
import { bringIntoView, type Camera, firstLook, keepMiddle, type Size } from './camera';
import type { Item } from './drawList';
import { type Marks, markItems, sceneItems } from './drawScene';
import type { Look } from './look';
import { paintMinimap } from './minimap';
import { paint } from './paint';
import { EMPTY_SCENE, type Scene } from './scene';

interface Transition {
  readonly before: Scene;
  readonly shift: { readonly x: number; readonly y: number };
  readonly start: number;
}

/** Draws a scene on a canvas: keeps the camera, repaints at most once per frame, moves boxes when groups open. */
export class GraphStage {
  scene: Scene = EMPTY_SCENE;
  view: Size = { width: 0, height: 0 };
  #camera: Camera | null = null;
  /** Nobody has moved the view: it is still the first look. */
  #untouched = true;
  #look: Look | null = null;
  #items: readonly Item[] = [];
  #marks: Marks = { selected: '', hovered: '', found: new Set() };
  #transition: Transition | null = null;
  #frame = 0;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly minimap: HTMLCanvasElement,
    readonly onCamera: (camera: Camera) => void,
  ) {}

  get camera(): Camera {
    return this.#camera ?? firstLook(this.scene, this.view);
  }

  /** Moves the view, because the person did. */
  moveTo(camera: Camera): void {
    this.#camera = camera;
    this.#untouched = false;
    this.onCamera(camera);
    this.invalidate();
  }

  /** Takes up a camera kept from before, without telling anybody. */
  restore(camera: Camera | null): void {
    this.#camera = camera;
    this.#untouched = camera === null;
    this.invalidate();
  }

  /** Takes up another size; nothing while the canvas is hidden. What was selected and in sight stays in sight. */
  resize(view: Size): void {
    if (view.width === 0 || view.height === 0) return;
    const before = this.view;
    this.view = view;
    this.invalidate();
    if (!this.#camera || before.width === 0) return;
    if (this.#untouched && before.width !== view.width) {
      this.#camera = null;
      return;
    }
    const selected = this.scene.boxes[this.scene.index.get(this.#marks.selected) ?? -1];
    const kept = selected && bringIntoView(this.#camera, selected, before);
    const wasInSight = kept?.x === this.#camera.x && kept.y === this.#camera.y;
    this.#camera = keepMiddle(this.#camera, before, view);
    if (selected && wasInSight) this.#camera = bringIntoView(this.#camera, selected, view);
  }

  /**
   * Shows another scene. `anchor` is the box that was opened or closed: its top stays where it is on the
   * screen, so that the person does not lose the place.
   */
  show(scene: Scene, look: Look, anchor: string): void {
    const before = this.scene;
    const changed = scene !== before;
    this.scene = scene;
    this.#look = look;
    this.#items = sceneItems(scene, look);
    if (changed) {
      const [old, now] = [before.boxes[before.index.get(anchor) ?? -1], scene.boxes[scene.index.get(anchor) ?? -1]];
      const shift = old && now ? { x: now.x + now.width / 2 - old.x - old.width / 2, y: now.y - old.y } : { x: 0, y: 0 };
      if (this.#camera && (shift.x !== 0 || shift.y !== 0))
        this.moveTo({ ...this.#camera, x: this.#camera.x + shift.x, y: this.#camera.y + shift.y });
      this.#transition = old && now && canAnimate(before, scene) && !reducedMotion() ? { before, shift, start: performance.now() } : null;
    }
    this.invalidate();
  }

  mark(marks: Marks): void {
    this.#marks = marks;
    this.invalidate();
  }

  invalidate(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  #draw(): void {
    this.#frame = 0;
    const look = this.#look;
    const { width, height } = this.view;
    if (!look || width === 0 || height === 0) return;
    // The first look becomes the camera as soon as the size is known, so that later changes keep the place.
    if (!this.#camera && this.scene !== EMPTY_SCENE) this.#camera = firstLook(this.scene, this.view);
    const context = prepare(this.canvas, this.view);
    if (!context) return;
    context.clearRect(0, 0, width, height);
    const part = this.#transition ? (performance.now() - this.#transition.start) / DURATION_MS : 1;
    if (this.#transition && part < 1) {
      const moving = between(this.#transition.before, this.scene, part, this.#transition.shift);
      paint(context, sceneItems(moving, look), this.camera, this.view, look.theme.fontFamily);
      this.invalidate();
      return;
    }
    this.#transition = null;
    paint(context, this.#items, this.camera, this.view, look.theme.fontFamily);
    paint(context, markItems(this.scene, this.#marks, look), this.camera, this.view, look.theme.fontFamily);
    this.#drawMinimap(look);
  }

  #drawMinimap(look: Look): void {
    const size = { width: this.minimap.clientWidth, height: this.minimap.clientHeight };
    if (size.width === 0) return;
    const context = prepare(this.minimap, size);
    if (context) paintMinimap(context, this.scene, look, this.camera, this.view, size);
  }
}

/** Gives the canvas the device's pixels and its context in CSS pixels. */
function prepare(canvas: HTMLCanvasElement, { width, height }: Size): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth;
    canvas.height = pixelHeight;
  }
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
