import { describe, expect, it } from 'vitest';
import { hostileModel } from '../../fixtures/hostileModel';
import { model, node, value } from '../../fixtures/onnx';
import { HOSTILE, UNSEEN } from '../text/hostile';
import { cli, scratch } from './support';

const { file } = scratch();
const NAMES = Object.entries(HOSTILE);
/** Without the slashes that part scopes, which blocks are made of: another name is to have as many lines. */
const UNPARTED = NAMES.map(([what, name]) => [what, name.replaceAll('/', '')] as const);
const path = (what: string, name: string, channels?: number) => file(`${what}.onnx`, hostileModel(name, channels));

const COMMANDS: Readonly<Record<string, (model: string, other: string) => readonly string[]>> = {
  inspect: (one) => ['inspect', one],
  'inspect --json': (one) => ['inspect', one, '--json'],
  'profile --group block': (one) => ['profile', one],
  'profile --group category': (one) => ['profile', one, '--group', 'category'],
  'profile --group op': (one) => ['profile', one, '--group', 'op'],
  'profile --group node': (one) => ['profile', one, '--group', 'node'],
  'profile --csv': (one) => ['profile', one, '--group', 'node', '--csv'],
  'profile --group op --csv': (one) => ['profile', one, '--group', 'op', '--csv'],
  'profile --markdown': (one) => ['profile', one, '--group', 'node', '--markdown'],
  'profile --json': (one) => ['profile', one, '--json'],
  compare: (one, two) => ['compare', one, two],
  'compare --format md': (one, two) => ['compare', one, two, '--format', 'md'],
  'compare --format csv': (one, two) => ['compare', one, two, '--format', 'csv'],
  'compare --format json': (one, two) => ['compare', one, two, '--format', 'json'],
  'compare --format html': (one, two) => ['compare', one, two, '--format', 'html'],
  'compare --diff': (one, two) => ['compare', one, two, '--diff'],
  'compare --diff --format md': (one, two) => ['compare', one, two, '--diff', '--format', 'md'],
  'compare --diff --format csv': (one, two) => ['compare', one, two, '--diff', '--format', 'csv'],
  'compare --diff --format html': (one, two) => ['compare', one, two, '--diff', '--format', 'html'],
  textconv: (one) => ['textconv', one],
};

describe.each(Object.entries(COMMANDS))('%s', (_command, args) => {
  it('has the lines that it would have with other names, and shows every character of these', async () => {
    const plain = await cli(...args(path('x', 'plain'), path('other', 'plain', 5)));
    for (const [what, name] of UNPARTED) {
      const { status, stdout, stderr } = await cli(...args(path('x', name), path('other', name, 5)));
      expect(stdout, what).not.toMatch(UNSEEN);
      expect(stderr, what).not.toMatch(UNSEEN);
      const [lines, messages] = [stdout, stderr].map((text) => text.split('\n').length);
      expect({ what, status, lines, messages }).toEqual({
        what,
        status: plain.status,
        lines: plain.stdout.split('\n').length,
        messages: plain.stderr.split('\n').length,
      });
    }
  });
});

describe('what is written', () => {
  it('as CSV has the columns of its head and no formula', async () => {
    for (const [what, name] of NAMES) {
      const { stdout } = await cli('profile', path('x', name), '--group', 'node', '--csv');
      const rows = stdout.trimEnd().split('\n').map(cells);
      for (const row of rows) expect(row, what).toHaveLength(rows[0]?.length ?? 0);
      for (const cell of rows.flat()) expect(cell).not.toMatch(/^\s*[=+@\t\r]|^\s*-\D|^-\d+[^\d.e]/);
    }
  });

  it('as Markdown has the columns of its head, and no tag, code or link', async () => {
    for (const [what, name] of NAMES) {
      const { stdout } = await cli('profile', path('x', name), '--group', 'node', '--markdown');
      for (const line of stdout.trimEnd().split('\n')) {
        if (line.startsWith('|')) expect(line.match(/(?<!\\)(?:\\\\)*\|/g), what).toHaveLength(8);
        expect(line).not.toMatch(/<|(?<!\\)(?:\\\\)*`|(?<!\\)\]\(/);
      }
    }
  });

  it('as HTML has no tag of a name', async () => {
    for (const [, name] of NAMES) {
      for (const diff of [[], ['--diff']]) {
        const { stdout } = await cli('compare', path('x', name), path('other', 'other'), ...diff, '--format', 'html');
        expect(stdout).not.toMatch(/<script|<img|<td><\/td><\/text>/);
      }
    }
  });

  it('as JSON has every name whole', async () => {
    for (const [, name] of NAMES) {
      const { model: read } = JSON.parse((await cli('inspect', path('x', name), '--json')).stdout);
      expect(read.inputs[0].name).toBe(`${name} in`);
    }
  });

  it('by textconv is another text for another name, so that git diff cannot lie', async () => {
    const forged = model({
      inputs: [value('x', 'float32', [1])],
      outputs: [value('y', 'float32', [1])],
      nodes: [node('Relu', ['x'], ['y'], {}, { name: 'a: Relu\n    (x)\n    -> y float32 [1]\n  node b' })],
    });
    const { stdout } = await cli('textconv', file('forged.onnx', forged));
    expect(stdout.split('\n').filter((line) => line.startsWith('  node '))).toHaveLength(1);
    const texts: string[] = [];
    for (const name of ['a\nb', 'a\\nb', '"a\\nb"', 'a\u202eb', 'a\\u202eb', 'a\x1bb', 'a\\x1bb']) {
      texts.push((await cli('textconv', file('t.onnx', hostileModel(name)))).stdout);
    }
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('about a file of a hostile name is one message', async () => {
    const { status, stderr } = await cli('inspect', 'no\nsuch\x1b[31m\u202efile');
    expect(status).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toMatch(UNSEEN);
  });

  it('for a terminal does not grow with one long name', async () => {
    const nodes = Array.from({ length: 5000 }, (_, at) =>
      node(
        'Relu',
        [at === 0 ? 'x' : `v${at}`],
        [at === 4999 ? 'y' : `v${at + 1}`],
        {},
        { name: at === 7 ? 'n'.repeat(1_000_000) : `n${at}` },
      ),
    );
    const long = file('long.onnx', model({ inputs: [value('x', 'float32', [1])], outputs: [value('y', 'float32', [1])], nodes }));
    const { stdout } = await cli('profile', long, '--group', 'node');
    expect(stdout.length).toBeLessThan(5002 * 300);
    expect((await cli('profile', long, '--group', 'node', '--csv')).stdout.length).toBeGreaterThan(1_000_000);
  });
});

/** Cells of a line of CSV. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((cell) => cell[1] ?? cell[2] ?? '');
}
