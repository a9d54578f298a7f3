import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** On two cores Vitest would take one. */
const maxWorkers = Math.max(2, availableParallelism() - 1);
/** A page on a busy machine needs more than Vitest's one second to show what it was given. */
const expect = { poll: { timeout: 20_000 } };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, maxWorkers } },
      { test: { name: 'webview', include: ['test/webview/**/*.test.ts'], testTimeout: 60_000, maxWorkers: 2, expect } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          expect,
        },
      },
    ],
  },
});
