import { newCanvas, pngOf } from '../../common/png';
import type { Theme } from '../../common/theme';
import { sceneItems } from './drawScene';
import type { Look } from './look';
import { paint } from './paint';
import type { Scene } from './scene';
import { toSvg } from './svg';

/** Longest edge of a saved picture, pixels: what every browser can still hold in one canvas. */
const LONGEST = 12_000;
const MARGIN = 24;
const SHARP = 2;

/** The whole drawing as an SVG document. */
export function graphSvg(scene: Scene, look: Look): Uint8Array {
  const { background, fontFamily } = look.theme;
  return new TextEncoder().encode(toSvg(sceneItems(scene, look), scene.width, scene.height, background, fontFamily));
}

/** The whole drawing as a PNG, twice the size on the screen where that fits. */
export function graphPng(scene: Scene, look: Look, theme: Theme): Uint8Array {
  const [width, height] = [scene.width + 2 * MARGIN, scene.height + 2 * MARGIN];
  const scale = Math.min(SHARP, LONGEST / width, LONGEST / height);
  const canvas = newCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no canvas to draw the picture on.');
  context.fillStyle = theme.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const camera = { x: -MARGIN, y: -MARGIN, zoom: scale };
  paint(context, sceneItems(scene, look), camera, { width: canvas.width, height: canvas.height }, theme.fontFamily);
  return pngOf(canvas);
}
