import type { Cancel, Clock } from '../../core/clock.ts';
import type { PodSpec } from '../../core/pod.ts';

/**
 * Why containers are to end: `deleted` and `removed` (the pod object is marked, or gone), `deadline`, `interrupted`
 * (the service stops), `ended` (the containers they serve have ended), `refused` (another container cannot run),
 * `unhealthy` (a probe of the container itself failed).
 */
export type StopCause =
  'deleted' | 'removed' | 'deadline' | 'interrupted' | 'ended' | 'refused' | 'unhealthy';

const DEFAULT_GRACE_SECONDS = 30;

/** How long a container may take to end when it is asked to. */
export function graceSeconds({ terminationGracePeriodSeconds = DEFAULT_GRACE_SECONDS }: PodSpec): number {
  return terminationGracePeriodSeconds;
}

/** Asks containers to end, and has them killed when their grace period is over. */
export class StopRequest {
  readonly #clock: Clock;
  readonly #asked = new AbortController();
  readonly #kill = new AbortController();
  #cause: StopCause | undefined;
  #killAtMs = Number.POSITIVE_INFINITY;
  #cancelTimer: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Aborted when the containers are asked to end. */
  get asked(): AbortSignal {
    return this.#asked.signal;
  }

  /** Aborted when their time is up. */
  get kill(): AbortSignal {
    return this.#kill.signal;
  }

  /** The latest request's; undefined while nobody has asked. */
  get cause(): StopCause | undefined {
    return this.#cause;
  }

  /** May be repeated: the shortest time counts. */
  request(cause: StopCause, graceMs: number): void {
    this.#cause = cause;
    this.#asked.abort();
    const killAtMs = this.#clock.elapsed() + graceMs;
    if (killAtMs >= this.#killAtMs) return;
    this.#killAtMs = killAtMs;
    this.#cancelTimer?.();
    if (graceMs <= 0) this.#kill.abort();
    else this.#cancelTimer = this.#clock.after(graceMs, () => this.#kill.abort());
  }

  /** Everything has ended: no timer is needed any more. */
  settle(): void {
    this.#cancelTimer?.();
  }
}

/** Calls `listener` when the signal is aborted, at once if it is. The result unsubscribes. */
export function onAbort(signal: AbortSignal, listener: () => void): Cancel {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
