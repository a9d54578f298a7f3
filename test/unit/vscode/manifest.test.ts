import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CHECKPOINT_EXTENSIONS,
  COMMANDS,
  COMPARE_VIEW_TYPE,
  COMPARISON_EXTENSION,
  EDITOR_VIEW_TYPE,
  FAMILY_VIEW_TYPE,
  IMAGE_EXTENSIONS,
  MODEL_EXTENSIONS,
  OPTIONAL_EDITOR_VIEW_TYPE,
  OPTIONAL_EXTENSIONS,
  SECTION,
  SETTINGS,
} from '../../../src/vscode/constants';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly customEditors: readonly { viewType: string; selector: readonly { filenamePattern: string }[] }[];
    readonly commands: readonly { command: string; title: string }[];
    readonly menus: Readonly<Record<string, readonly { command: string; when: string }[]>>;
    readonly jsonValidation: readonly { fileMatch: string | readonly string[]; url: string }[];
    readonly walkthroughs: readonly {
      steps: readonly {
        id: string;
        title: string;
        description: string;
        media: { image: string; altText: string };
        completionEvents: readonly string[];
      }[];
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly markdownDescription: string }>> };
  };
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const strings = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;

describe('package.json', () => {
  it('names the same commands, editors and settings as the code', () => {
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(COMMANDS).sort());
    expect(manifest.contributes.customEditors.map(({ viewType }) => viewType)).toEqual([
      EDITOR_VIEW_TYPE,
      OPTIONAL_EDITOR_VIEW_TYPE,
      COMPARE_VIEW_TYPE,
    ]);
    // Panels have no contribution from which VS Code could tell that restoring one takes us.
    expect(manifest.activationEvents).toEqual([`onWebviewPanel:${FAMILY_VIEW_TYPE}`]);
    expect(Object.keys(manifest.contributes.configuration.properties).sort()).toEqual(
      Object.values(SETTINGS)
        .map((key) => `${SECTION}.${key}`)
        .sort(),
    );
  });

  it('leads a newcomer from opening over running to comparing, with pictures', () => {
    const [walkthrough, ...others] = manifest.contributes.walkthroughs;
    expect(others).toEqual([]);
    expect(walkthrough?.steps.map(({ id }) => id)).toEqual(['open', 'run', 'compare']);
    const commands = new Set<string>(Object.values(COMMANDS));
    for (const { title, description, media, completionEvents } of walkthrough?.steps ?? []) {
      expect(existsSync(media.image)).toBe(true);
      for (const key of [title, description, media.altText]) expect(strings[key.replaceAll('%', '')]?.length).toBeGreaterThan(5);
      const links = [...(strings[description.replaceAll('%', '')] ?? '').matchAll(/\(command:([\w.]+)\)/g)].map(([, id = '']) => id);
      expect(links).toHaveLength(1);
      for (const id of [...links, ...completionEvents.map((event) => event.replace('onCommand:', ''))]) expect(commands.has(id)).toBe(true);
    }
  });

  it('offers the commands on exactly the files the code handles', () => {
    expect(manifest.contributes.customEditors.flatMap(({ selector }) => selector.map(({ filenamePattern }) => filenamePattern))).toEqual(
      [...MODEL_EXTENSIONS, ...CHECKPOINT_EXTENSIONS, ...OPTIONAL_EXTENSIONS, COMPARISON_EXTENSION].map((extension) => `*.${extension}`),
    );
    const opens = manifest.contributes.menus['explorer/context']?.find(({ command }) => command === COMMANDS.openModel)?.when ?? '';
    const patterns = [...opens.matchAll(/\/(.+?)\/i/g)].map(([, source = '(?!)']) => new RegExp(source, 'i'));
    for (const extension of [...MODEL_EXTENSIONS, ...CHECKPOINT_EXTENSIONS, ...OPTIONAL_EXTENSIONS]) {
      expect(patterns.some((pattern) => pattern.test(`.${extension}`))).toBe(true);
    }
    const item = manifest.contributes.menus['explorer/context']?.find(({ command }) => command === COMMANDS.runInference);
    const pattern = /\/(.+)\/i/.exec(item?.when ?? '')?.[1];
    const matches = new RegExp(pattern ?? '(?!)', 'i');
    for (const extension of IMAGE_EXTENSIONS) expect(`.${extension}`).toMatch(matches);
    for (const extension of MODEL_EXTENSIONS) expect(`.${extension}`).not.toMatch(matches);
  });

  it('completes comparisons and budgets by schemas that are there, and name themselves as draft 7', () => {
    expect(manifest.contributes.jsonValidation.map(({ fileMatch }) => fileMatch)).toEqual([
      `*.${COMPARISON_EXTENSION}`,
      ['budgets.json', '*.budgets.json'],
    ]);
    for (const { url } of manifest.contributes.jsonValidation) {
      const schema = JSON.parse(readFileSync(url, 'utf8'));
      expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', title: expect.any(String) });
    }
  });

  it('has every string in package.nls.json, and none that nothing uses', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]);
    expect(new Set(Object.keys(strings))).toEqual(new Set(used));
  });
});
