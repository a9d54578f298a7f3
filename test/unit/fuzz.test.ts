import { describe, expect, it } from 'vitest';
import { Fuzzer } from '../fixtures/fuzz/fuzzer';

/** Fixed, so that a failing run is the same everywhere; `npm run bench -- fuzz --own --seed 1 --run N` repeats it. */
const SEED = 1;
const RUNS = 500;

describe('files changed by meaning', () => {
  it('the same run gives the same file', async () => {
    const [first, second] = [await Fuzzer.start(SEED, true), await Fuzzer.start(SEED, true)];
    try {
      for (let run = 0; run < 40; run++) expect(second.make(run).bytes).toEqual(first.make(run).bytes);
      expect(first.make(1).bytes).not.toEqual(first.make(2).bytes);
    } finally {
      first.stop();
      second.stop();
    }
  });

  it(`${RUNS} of them are opened, drawn, listed, written and compared, or refused in a sentence`, { timeout: 900_000 }, async () => {
    const fuzzer = await Fuzzer.start(SEED, true);
    const counts = { opened: 0, refused: 0 };
    try {
      for (let run = 0; run < RUNS; run++) {
        const file = fuzzer.make(run);
        const { opened, faults } = await fuzzer.drive(run, file);
        expect(faults, `run ${run} of ${file.seed.name}: ${file.edits.join(', ')}`).toEqual([]);
        if (opened) counts.opened++;
        else counts.refused++;
      }
    } finally {
      fuzzer.stop();
    }
    // Files that are all refused, or never, would prove nothing.
    expect(counts.opened).toBeGreaterThan(RUNS / 2);
    expect(counts.refused).toBeGreaterThan(RUNS / 20);
  });
});
