import { defineConfig } from 'vitest/config';

/** `npm test`: everything that needs no more than Node and a few seconds. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/end-to-end/**', 'test/python/**'],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Tests start real processes: more forks than cores would only make them wait for each other.
    maxWorkers: 2,
  },
});
