import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Tests start real processes: more forks than cores would only make them wait for each other.
    maxWorkers: 2,
  },
});
