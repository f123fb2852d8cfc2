import { defineConfig } from 'vitest/config';

/** `npm run test:python`: examples with TensorFlow and PyTorch, which it installs first where it may. */
export default defineConfig({
  test: {
    include: ['test/python/**/*.test.ts'],
    globalSetup: ['test/python/prepare.ts'],
    testTimeout: 360_000,
    // Each of them fills the machine by itself.
    maxWorkers: 1,
  },
});
