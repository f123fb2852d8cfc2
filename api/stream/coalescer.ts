import type { Clock } from '../../core/clock.ts';

/**
 * Passes on the newest value of each key, at most once in `intervalMs`: what changes ten times in a moment is told once,
 * as it is at the end of it.
 */
export interface Coalescer<V> {
  /** `merge` puts together what waits already and what came now; the newer value alone where it is absent. */
  put(key: string, value: V, merge?: (waiting: V, value: V) => V): void;
  /** Forgets what waits. */
  close(): void;
}

export function createCoalescer<V>(clock: Clock, intervalMs: number, pass: (value: V) => void): Coalescer<V> {
  const waiting = new Map<string, V>();
  let cancel: (() => void) | undefined;
  const flush = (): void => {
    cancel = undefined;
    const values = [...waiting.values()];
    waiting.clear();
    for (const value of values) pass(value);
  };
  return {
    put(key, value, merge) {
      const before = waiting.get(key);
      waiting.set(key, before === undefined || !merge ? value : merge(before, value));
      cancel ??= clock.after(intervalMs, flush);
    },
    close() {
      cancel?.();
      waiting.clear();
    },
  };
}
