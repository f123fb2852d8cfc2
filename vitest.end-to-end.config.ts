import { defineConfig } from 'vitest/config';

/** `npm run test:e2e`: the command as users run it, whole examples, crashes in the middle. Minutes, not seconds. */
export default defineConfig({
  test: {
    include: ['test/end-to-end/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    // Each of them fills the machine by itself.
    maxWorkers: 1,
  },
});
