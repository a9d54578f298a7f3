import { expect, it } from 'vitest';
import { createEngine } from '../../src/engine/engine';
import { overviewOf } from '../../src/engine/modelSlices';
import { needsModel } from '../../src/engine/needsModel';
import type { GraphLevel } from '../../src/protocol';
import { tableText } from '../../webview/common/table/exportTable';
import { tensorRows } from '../../webview/common/tensors/tensorRows';
import { sceneItems } from '../../webview/model/graph/drawScene';
import { COLOR_BY, makeLook } from '../../webview/model/graph/look';
import { buildScene } from '../../webview/model/graph/scene';
import { searchNodes } from '../../webview/model/graph/search';
import { toSvg } from '../../webview/model/graph/svg';
import { profileRows } from '../../webview/model/profile/rows';
import { ProfileIndex } from '../../webview/model/profileIndex';
import { THEME } from '../fixtures/fuzz/drive/picture';
import { model, node, tensor, value } from '../fixtures/onnx';

const CONTEXT = { signal: new AbortController().signal, progress: () => {} };
/** Names that every plain object seems to know, and for each another of the same length. */
const NAMES = Object.getOwnPropertyNames(Object.prototype);
const other = (name: string) => `Q${name.slice(1)}`;

/** Blocks, nodes, values, tensors, operators, domains and dimensions of these names. */
function named(of: (name: string) => string): Uint8Array {
  const nodes = NAMES.map(of).flatMap((name, at) => {
    const from = at === 0 ? 'x' : `sum/${at - 1}`;
    return [
      node('Mul', [from, name], [`${name}/scaled`], {}, { name: `/${name}/mul` }),
      node(name, [`${name}/scaled`], [`own/${at}`], {}, { domain: name, name: `/${name}/own` }),
      node('Add', [`${name}/scaled`, from], [`sum/${at}`], {}, { name }),
    ];
  });
  return model({
    nodes,
    inputs: [
      value(
        'x',
        'float32',
        NAMES.map(of).map((name, at) => (at % 4 === 0 ? name : 2)),
      ),
    ],
    outputs: [value(`sum/${NAMES.length - 1}`, 'float32')],
    initializers: NAMES.map((name) => tensor(of(name), 'float32', [1], [2])),
    modelMetadata: Object.fromEntries(NAMES.map((name) => [of(name), of(name)])),
  });
}

/** Everything that the model editor makes of a model before it draws. */
async function shown(bytes: Uint8Array, of: (name: string) => string): Promise<Readonly<Record<string, string>>> {
  const engine = createEngine();
  const file = { kind: 'bytes' as const, name: 'm.onnx', bytes };
  const { handle, profile } = needsModel(await engine.open({ model: file }, CONTEXT));
  const levels = new Map<string, GraphLevel>();
  for (const pending = ['']; pending.length > 0; ) {
    const level = await engine.graph({ handle, group: pending.pop() ?? '' }, CONTEXT);
    levels.set(level.group, level);
    for (const { id, kind } of level.boxes) if (kind === 'group') pending.push(id);
  }
  const index = new ProfileIndex(overviewOf(profile, []), profile);
  const scene = buildScene(levels, new Set(levels.keys()));
  const { rows: tensors } = await engine.tensors({ handle, from: 0 }, CONTEXT);
  const tables = (['block', 'category', 'operator', 'node'] as const).map(
    (grouping) => profileRows(index, { grouping, filter: '', sorting: null, openRows: new Set(index.blocks.keys()) }).rows,
  );
  return {
    profile: JSON.stringify(profile),
    levels: JSON.stringify([...levels]),
    pictures: COLOR_BY.map((by) =>
      toSvg(sceneItems(scene, makeLook(scene, profile, by, THEME)), scene.width, scene.height, '#808080', 'sans-serif'),
    ).join('\n'),
    tables: JSON.stringify(tables),
    written: tableText([['name', 'macs'], ...(tables[3] ?? []).map((row) => [row.label, String(row.macs ?? '')])], 'CSV', new Set([1])),
    found: JSON.stringify(NAMES.map(of).map((name) => [searchNodes(index, name), searchNodes(index, `op:${name}`)])),
    chains: JSON.stringify(profile.nodes.map(({ id }) => index.ancestors(id))),
    tensors: JSON.stringify([tensorRows(tensors, '', null), ...NAMES.map(of).map((name) => tensorRows(tensors, name, null))]),
  };
}

it('names that every object inherits are shown as any others, in tables, pictures, searches and exports', async () => {
  const [plain, inherited] = [
    await shown(named(other), other),
    await shown(
      named((name) => name),
      (name) => name,
    ),
  ];
  for (const [what, text] of Object.entries(plain)) {
    // As text: names stand in paths and ids too.
    const renamed = NAMES.reduce((all, name) => all.replaceAll(other(name), name), text);
    expect(inherited[what]?.length, what).toBe(renamed.length);
    expect(inherited[what] === renamed, what).toBe(true);
  }
});
