/** Why a wait ended. */
export type Wake =
  /** There are changes of the collection, the first of them at this version. */
  { type: 'changed'; version: number } | { type: 'timeout' } | { type: 'ended' };

type Listener = (wake: Wake) => void;

/** Wakes watches of a collection. Keeps no changes: who is not waiting reads the history instead. */
export interface ChangeSignal {
  /** Tells everyone who waits for the collection, once. */
  notify(resource: string, version: number): void;
  /** The version of the last change that was told of; 0 where there was none yet. */
  newest(resource: string): number;
  /** Calls `listener` once: on the collection's next change, or at the end. The result withdraws it. */
  once(resource: string, listener: Listener): () => void;
  /** Ends all waits. */
  end(): void;
}

export function createChangeSignal(): ChangeSignal {
  const waiting = new Map<string, Set<Listener>>();
  const newest = new Map<string, number>();
  const wake = (resource: string, reason: Wake): void => {
    const listeners = waiting.get(resource);
    waiting.delete(resource);
    listeners?.forEach((listener) => {
      listener(reason);
    });
  };
  return {
    notify(resource, version) {
      newest.set(resource, version);
      wake(resource, { type: 'changed', version });
    },
    newest: (resource) => newest.get(resource) ?? 0,
    once(resource, listener) {
      const listeners = waiting.get(resource) ?? new Set();
      waiting.set(resource, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    end() {
      for (const resource of [...waiting.keys()]) wake(resource, { type: 'ended' });
    },
  };
}
