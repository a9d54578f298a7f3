import { describe, expect, it } from 'vitest';
import type { LatencyReport, Profile } from '../../../src/protocol';
import { bundledCli } from './support';

const bundled = bundledCli('measure');
const cli = (...args: readonly string[]) => bundled.cli('profile', 'samples/hybrid.onnx', ...args);

const rows = (csv: string) =>
  csv
    .trim()
    .split('\n')
    .map((line) => line.split(','));

describe('profile --measure', () => {
  it.each(['block', 'category', 'op', 'node'])('adds time and rate to every row by %s, which add up to the total', (group) => {
    const { status, stdout } = cli('--measure', '--provider', 'cpu', '--runs', '3', '--group', group, '--csv');
    expect(status).toBe(0);
    const [head = [], ...body] = rows(stdout.replace(/"[^"]*"/g, 'quoted'));
    expect(head.slice(-2)).toEqual(['microseconds', 'MACs per second']);
    const time = (row: readonly string[]) => Number(row.at(-2));
    const total = time(body.at(-1) ?? []);
    expect(total).toBeGreaterThan(0);
    // Blocks repeat the rows inside them.
    if (group === 'block') expect(Math.max(...body.slice(0, -1).map(time))).toBeLessThan(total);
    else expect(body.slice(0, -1).reduce((sum, row) => sum + time(row), 0)).toBeCloseTo(total, 3);
  });

  it('sorts by time and says what was measured and on what', () => {
    const { status, stdout } = cli('--measure', '--provider', 'cpu', '--runs', '3', '--group', 'op', '--by', 'time');
    expect(status).toBe(0);
    expect(stdout).toMatch(/measured on cpu: .* a run, median of 3 \(minimum /);
    expect(stdout).toMatch(/this machine reaches .*MAC\/s in a matrix product and .*B\/s elementwise, in float32/);
    // Convolutions and matrix products hold all but 640 of the 9,250,944 multiply-adds.
    expect(stdout.split('\n').slice(1, 4).join(' ')).toMatch(/MatMul|Conv/);
  });

  it('puts the report beside the profile as JSON', () => {
    const { status, stdout } = cli('--measure', '--provider', 'cpu', '--runs', '2', '--json');
    expect(status).toBe(0);
    const { latency, ...profile } = JSON.parse(stdout) as Profile & { readonly latency: LatencyReport };
    expect(latency).toMatchObject({ schema: 1, provider: 'cpu', runs: 2 });
    const ids = new Set(profile.nodes.map(({ id }) => id));
    expect(latency.nodes.filter(({ id }) => !ids.has(id))).toEqual([]);
    expect(latency.nodes.length).toBeGreaterThan(90);
  });

  it.each([
    [['--runs', '3'], '--runs needs --measure.'],
    [['--provider', 'cpu'], '--provider needs --measure.'],
    [['--by', 'time'], '--by time needs --measure.'],
    [['--measure', '--runs', 'many'], '--runs many is not a positive number.'],
  ])('refuses %j', (args, message) => {
    const { status, stderr } = cli(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it('ends with code 1 and one sentence for a provider nobody has', () => {
    const { status, stderr } = cli('--measure', '--provider', 'abacus');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^model-loupe: There is no execution provider "abacus"\. [^\n]*\n$/);
  });
});
