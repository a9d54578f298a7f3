import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bundledCli, scratch } from './support';

const { path: bundle } = bundledCli('interrupt');
const { folder } = scratch();

// On Windows a signal from another process is no signal.
describe.skipIf(process.platform === 'win32')('Ctrl+C', () => {
  it('ends a measurement with 130, leaving no file behind', async () => {
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    // A shell gives the number that a person sees.
    const measure = `"$0" "$1" profile samples/vit.onnx --measure --provider cpu --runs 1000000 & echo $! >&2; wait $!; echo "code $?"`;
    const child = spawn('sh', ['-c', measure, process.execPath, bundle], { env: { ...process.env, TMPDIR: temporary } });
    const text = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].on('data', (data) => {
        text[stream] += data;
      });
    }
    const closed = new Promise((done) => child.on('close', done));
    while (!readdirSync(temporary).some((name) => existsSync(join(temporary, name)))) await setTimeout(20);
    process.kill(Number(text.stderr), 'SIGINT');
    await closed;
    expect(text.stdout).toBe('code 130\n');
    expect(text.stderr).toMatch(/^\d+\n$/);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
