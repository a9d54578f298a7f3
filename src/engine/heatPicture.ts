import { type Heat, layerHeat } from '../attention/heat';
import type { TappedLayer } from '../attention/maps';
import { UserError } from '../bytes';
import { maximumOf } from '../data';
import { type Raster, toRgb } from '../vision/raster';
import { resample } from '../vision/resample';
import { canDraw, drawText, GLYPH_HEIGHT, textWidth } from './pixelText';
import { VIRIDIS } from './viridis';

/** Longest edge of a sheet, as far as `MIN_CELL` allows. */
const MAX_SHEET = 4096;
const MAX_CELL = 224;
const MIN_CELL = 48;
/** Heads drawn beside the mean; models with more show their first ones. */
const MAX_HEADS = 32;
const GAP = 4;
const TEXT_SCALE = 2;
const MARGIN = 40;
const INK = 64;
/** Characters that fit into the margin. */
const MAX_LABEL = 5;
/** Share of the heat's colour over the image: at no attention, and how much more at the most. */
const LEAST_OPACITY = 0.3;
const ADDED_OPACITY = 0.5;

/**
 * One picture of all layers: a row per layer, the mean over
 * heads first, then each head. Each cell shows what the network saw under the
 * attention of the class token, or the mean over queries without one, coloured
 * with viridis from 0 to the cell's own maximum.
 * @throws UserError when no layer's tokens can be placed on the image.
 */
export function heatSheet(seen: Raster, layers: readonly TappedLayer[]): Raster {
  const rows = layers.flatMap((tapped, index) => {
    const heats = headsOf(tapped).map((head) => layerHeat(tapped.layer, (window) => tapped.map(head, window)));
    const drawn = heats.filter((heat) => heat !== null);
    return drawn.length > 0 ? [{ label: rowLabel(tapped, index), heats: drawn }] : [];
  });
  if (rows.length === 0)
    throw new UserError('No attention layer has tokens that form a grid on the image, so there is no picture to draw.');
  const columns = maximumOf(rows.map(({ heats }) => heats.length));
  const edge = cellEdge(rows.length, columns);
  const scale = edge / Math.max(seen.width, seen.height);
  const base = resample(seen, Math.max(1, Math.round(seen.width * scale)), Math.max(1, Math.round(seen.height * scale)), 'bilinear');
  const sheet = blank(MARGIN + columns * (base.width + GAP), MARGIN + rows.length * (base.height + GAP));
  for (let column = 0; column < columns; column++) {
    write(sheet, column === 0 ? 'MEAN' : `H${column}`, MARGIN + column * (base.width + GAP) + base.width / 2, MARGIN / 2);
  }
  for (const [row, { label, heats }] of rows.entries()) {
    const top = MARGIN + row * (base.height + GAP);
    write(sheet, label, MARGIN / 2, top + base.height / 2);
    for (const [column, heat] of heats.entries()) paste(sheet, overlay(base, heat), MARGIN + column * (base.width + GAP), top);
  }
  return sheet;
}

/** The layer's own short name, else its number. */
function rowLabel({ layer }: TappedLayer, index: number): string {
  return layer.label.length <= MAX_LABEL && canDraw(layer.label) ? layer.label : `L${index + 1}`;
}

function headsOf({ layer }: TappedLayer): readonly (number | 'mean')[] {
  if (layer.heads === 1) return ['mean'];
  return ['mean', ...Array.from({ length: Math.min(layer.heads, MAX_HEADS) }, (_, head) => head)];
}

function cellEdge(rows: number, columns: number): number {
  const room = Math.floor((MAX_SHEET - MARGIN) / Math.max(rows, columns)) - GAP;
  return Math.max(MIN_CELL, Math.min(MAX_CELL, room));
}

/** The image under the heat's colours; heat between token centres is interpolated. */
export function overlay(image: Raster, heat: Heat): Raster {
  const top = heat.values.reduce((best, value) => Math.max(best, value), 0);
  const levels = Uint8Array.from(heat.values, (value) => Math.round((Math.max(0, value) / (top || 1)) * 255));
  const small: Raster = { width: heat.columns, height: heat.rows, channels: 1, data: levels };
  const { data: wide } = resample(small, image.width, image.height, 'bilinear');
  const colors = toRgb(image);
  const data = new Uint8Array(image.width * image.height * 3);
  for (let i = 0, at = 0; i < wide.length; i++) {
    const level = wide[i] ?? 0;
    const opacity = LEAST_OPACITY + (ADDED_OPACITY * level) / 255;
    for (let channel = 0; channel < 3; channel++, at++) {
      data[at] = Math.round((colors.data[at] ?? 0) * (1 - opacity) + (VIRIDIS[level * 3 + channel] ?? 0) * opacity);
    }
  }
  return { width: image.width, height: image.height, channels: 3, data };
}

function blank(width: number, height: number): Raster {
  return { width, height, channels: 3, data: new Uint8Array(width * height * 3).fill(255) };
}

function paste(sheet: Raster, cell: Raster, left: number, top: number): void {
  for (let y = 0; y < cell.height; y++) {
    const from = y * cell.width * 3;
    sheet.data.set(cell.data.subarray(from, from + cell.width * 3), ((top + y) * sheet.width + left) * 3);
  }
}

/** Text centred on a point. */
function write(sheet: Raster, text: string, x: number, y: number): void {
  const left = Math.round(x - (textWidth(text) * TEXT_SCALE) / 2);
  const top = Math.round(y - (GLYPH_HEIGHT * TEXT_SCALE) / 2);
  drawText(text, left, top, TEXT_SCALE, (column, row) => {
    if (column < 0 || row < 0 || column >= sheet.width || row >= sheet.height) return;
    const at = (row * sheet.width + column) * 3;
    sheet.data.fill(INK, at, at + 3);
  });
}
