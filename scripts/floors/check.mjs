// Holds every source file to its floor (floors.json): what it may import of ours, and which packages.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { circles } from './cycles.mjs';
import { importsOf, resolveImport } from './imports.mjs';

const SOURCE = /\.(?:ts|mts|mjs)$/;

/** Every source file below `folder`, as a path from `root` with forward slashes. */
export function sourceFiles(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && SOURCE.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** The floor a path stands on: the longest name in the table that is the path or a folder around it. */
export function floorOf(floors, path) {
  const around = Object.keys(floors).filter((name) => path === name || path.startsWith(`${name}/`));
  return around.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** The floors that `name` may import: itself, what it `sees`, and what it stands `on` with all that stands below. */
function visible(floors, name) {
  const seen = new Set([name, ...(floors[name].sees ?? [])]);
  const below = [...(floors[name].on ?? [])];
  for (const floor of below) {
    if (seen.has(floor)) continue;
    seen.add(floor);
    below.push(...(floors[floor].on ?? []));
  }
  return seen;
}

/** Faults of the table itself: a name that is no floor, or a floor without a file. */
function tableFaults(floors, files) {
  const faults = [];
  for (const [name, { on = [], sees = [], types = [] }] of Object.entries(floors)) {
    for (const other of [...on, ...sees, ...types]) {
      if (!Object.hasOwn(floors, other)) faults.push(`floors.json: ${name} names ${other}, which is no floor.`);
    }
    if (!files.some((file) => floorOf(floors, file) === name)) faults.push(`floors.json: ${name} has no file.`);
  }
  return faults;
}

/** What one import does that its floor may not, as a sentence; null where it is allowed. */
function importFault(floors, floor, target, { from, type }) {
  if (!from.startsWith('.')) {
    const allowed = (floors[floor].packages ?? []).some((name) =>
      name === 'node:' ? from.startsWith(name) : `${from}/`.startsWith(`${name}/`),
    );
    return allowed ? null : `${floor} may not import the package ${from}`;
  }
  if (target === null) return `${from} is no file`;
  const other = floorOf(floors, target);
  if (other === null) return `${target} stands on no floor`;
  if (visible(floors, floor).has(other)) return null;
  if (!(floors[floor].types ?? []).includes(other)) return `${floor} does not stand on ${other}`;
  return type ? null : `${floor} may import the types of ${other} only`;
}

/**
 * Every fault of the house at `root`, a sentence each. `floors` is the table; files below `src` and `webview` have to
 * stand on a floor of it, and no file of those or of `others` may be part of a circle of imports.
 */
export function faultsOf(root, floors, others = []) {
  const housed = ['src', 'webview'].flatMap((folder) => sourceFiles(root, folder));
  const faults = tableFaults(floors, housed);
  const graph = new Map();
  for (const file of [...housed, ...others.flatMap((folder) => sourceFiles(root, folder))]) {
    const floor = floorOf(floors, file);
    const { imports, unread } = importsOf(readFileSync(join(root, file), 'utf8'));
    const house = /^(?:src|webview)\//.test(file);
    if (house && floor === null) faults.push(`${file} stands on no floor: name its folder in floors.json.`);
    for (const line of house ? unread : []) faults.push(`${file}:${line}: this import could not be read; write it as the formatter does.`);
    const reached = new Set();
    graph.set(file, reached);
    for (const found of imports) {
      const target = found.from.startsWith('.') ? resolveImport(root, file, found.from) : null;
      if (target !== null) reached.add(target);
      const fault = house && floor !== null ? importFault(floors, floor, target, found) : null;
      if (fault !== null) faults.push(`${file}:${found.line}: ${fault}.`);
    }
  }
  for (const circle of circles(graph)) faults.push(`Circle of imports: ${circle.join(' -> ')}.`);
  return faults;
}
