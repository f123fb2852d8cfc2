import { settle } from './fake-clock.ts';

/**
 * Waits until `check` no longer throws, letting promises and I/O proceed in between: for what happens soon and without
 * any clock. Throws the check's own error when it goes on failing.
 */
export async function eventually<R>(check: () => R | Promise<R>, turns = 2_000): Promise<R> {
  for (let turn = 0; ; turn++) {
    try {
      return await check();
    } catch (error) {
      if (turn >= turns) throw error;
      await settle();
    }
  }
}
