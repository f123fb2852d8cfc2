import type { Cancel, Clock } from '../../core/clock.ts';
import type { Container } from '../../core/pod.ts';
import { parseQuantity } from './quantity.ts';
import { readSessions, usesMoreThan, type Sessions } from './session-memory.ts';

const CHECK_INTERVAL_MS = 500;

interface Watched {
  readonly leaderPid: number;
  readonly limitBytes: number;
  readonly onExceeded: () => void;
}

/** Bytes that the container's processes may use together; null where it sets no limit. */
export function memoryLimit({ resources }: Container): number | null {
  return parseQuantity(resources?.limits?.['memory']) ?? null;
}

/**
 * Watches how much memory containers use, twice a second, with one look at the system for all of them. A container that
 * fills the memory between two looks is the system's to stop. Without /proc (macOS) no limit is ever exceeded.
 */
export class MemoryLimits {
  readonly #clock: Clock;
  readonly #readSessions: () => Sessions;
  readonly #watched = new Set<Watched>();
  #cancelTimer: Cancel | undefined;

  constructor(clock: Clock, sessions: () => Sessions = readSessions) {
    this.#clock = clock;
    this.#readSessions = sessions;
  }

  /** Calls `onExceeded` once, when the session of `leaderPid` uses more than the limit. To be cancelled at its end. */
  watch(leaderPid: number, limitBytes: number | null, onExceeded: () => void): Cancel {
    if (limitBytes === null) return () => undefined;
    const watched = { leaderPid, limitBytes, onExceeded };
    this.#watched.add(watched);
    this.#schedule();
    return () => {
      this.#watched.delete(watched);
      if (this.#watched.size === 0) this.#stop();
    };
  }

  #schedule(): void {
    this.#cancelTimer ??= this.#clock.after(CHECK_INTERVAL_MS, () => {
      this.#cancelTimer = undefined;
      this.#check();
      if (this.#watched.size > 0) this.#schedule();
    });
  }

  #stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #check(): void {
    const sessions = this.#readSessions();
    for (const watched of this.#watched) {
      const { leaderPid, limitBytes, onExceeded } = watched;
      if (!usesMoreThan(limitBytes, sessions.get(leaderPid) ?? [])) continue;
      this.#watched.delete(watched);
      onExceeded();
    }
  }
}
