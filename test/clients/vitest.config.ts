import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/clients/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Trials mostly wait for what clients wait for.
    maxConcurrency: 10,
    testTimeout: 180_000,
    hookTimeout: 30_000,
    reporters: ['default'],
  },
});
