import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

const SERVICE = new URL('../../suggestion/local-suggestion-service.ts', import.meta.url).href;
const LOGGER = new URL('../../core/logger.ts', import.meta.url).href;

it('an idle suggestion service does not keep its process alive, a waiting request does', () => {
  const script = `
    const { createSuggestionService } = await import(${JSON.stringify(SERVICE)});
    const { silentLogger } = await import(${JSON.stringify(LOGGER)});
    const parameter = { kind: 'int', name: 'n', min: 1, max: 3, step: 1, distribution: 'uniform' };
    const { assignments } = await createSuggestionService({ logger: silentLogger }).suggest({
      searchId: 'uid', seed: 'seed', trials: [], firstIndex: 0, count: 2,
      problem: { parameters: [parameter], direction: 'minimize', maxTrials: null, parallelTrials: 1 },
      algorithm: { algorithmName: 'random' },
    });
    console.log(assignments.length);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 15_000,
  });
  expect(output).toBe('2\n');
});
