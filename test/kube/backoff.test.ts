import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../core/random.ts';
import { backoffMs } from '../../kube/backoff.ts';

test('the wait doubles with each failure up to the cap, and its upper half is random', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), fc.string(), (failures, seed) => {
      const full = Math.min(60_000, 5 * 2 ** (failures - 1));
      const wait = backoffMs({ baseMs: 5, capMs: 60_000 }, failures, randomStream(seed));
      expect(wait).toBeGreaterThanOrEqual(full / 2);
      expect(wait).toBeLessThanOrEqual(full);
    }),
  );
});
