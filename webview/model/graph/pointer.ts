/** What a pointer does on the canvas; coordinates are in its CSS pixels. */
export interface PointerActions {
  hover(x: number, y: number): void;
  leave(): void;
  pan(dx: number, dy: number): void;
  panning(active: boolean): void;
  click(x: number, y: number): void;
  doubleClick(x: number, y: number): void;
  zoom(x: number, y: number, factor: number): void;
}

/** A press that moves less is a click. */
const CLICK_SLACK = 3;
const WHEEL_ZOOM = 0.01;
const LINE = 16;

/** Turns mouse, pen, touch, wheel and trackpad events into actions; returns a function that stops. */
export function listenPointer(canvas: HTMLCanvasElement, actions: PointerActions): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const at = (event: MouseEvent): [number, number] => {
    const area = canvas.getBoundingClientRect();
    return [event.clientX - area.left, event.clientY - area.top];
  };
  const down = new Map<number, [number, number]>();
  let moved = 0;

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button > 1) return;
      down.set(event.pointerId, at(event));
      moved = 0;
      canvas.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      const now = at(event);
      const last = down.get(event.pointerId);
      if (!last) return actions.hover(...now);
      const [dx, dy] = [now[0] - last[0], now[1] - last[1]];
      moved += Math.hypot(dx, dy);
      if (moved < CLICK_SLACK) return;
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
      if (other) {
        const apart = (point: [number, number]) => Math.hypot(point[0] - other[0], point[1] - other[1]);
        actions.zoom((now[0] + other[0]) / 2, (now[1] + other[1]) / 2, apart(now) / Math.max(1, apart(last)));
      } else {
        actions.panning(true);
        actions.pan(dx, dy);
      }
      down.set(event.pointerId, now);
    },
    { signal },
  );
  const release = (event: PointerEvent) => {
    if (!down.delete(event.pointerId)) return;
    actions.panning(false);
    if (event.type === 'pointerup' && moved < CLICK_SLACK && down.size === 0) actions.click(...at(event));
  };
  canvas.addEventListener('pointerup', release, { signal });
  canvas.addEventListener('pointercancel', release, { signal });
  canvas.addEventListener('pointerleave', () => actions.leave(), { signal });
  canvas.addEventListener('dblclick', (event) => actions.doubleClick(...at(event)), { signal });
  canvas.addEventListener('wheel', (event) => wheel(event, at(event), actions), { signal, passive: false });
  return () => stop.abort();
}

/** Two fingers or the wheel move, with Ctrl (a pinch looks the same) they zoom. */
function wheel(event: WheelEvent, [x, y]: [number, number], actions: PointerActions): void {
  event.preventDefault();
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
  if (event.ctrlKey || event.metaKey) {
    const step = Math.max(-50, Math.min(50, event.deltaY * unit));
    actions.zoom(x, y, Math.exp(-step * WHEEL_ZOOM));
  } else if (event.shiftKey && event.deltaX === 0) actions.pan(-event.deltaY * unit, 0);
  else actions.pan(-event.deltaX * unit, -event.deltaY * unit);
}
