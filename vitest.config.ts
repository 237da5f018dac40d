import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A run of its own in scripts/test.mjs, for it needs packages of its own.
    exclude: [...configDefaults.exclude, 'test/clients/**'],
    pool: 'forks',
    // Two cores are the machine we measure on; more workers only make timing-sensitive tests flaky.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    reporters: ['default'],
  },
});
