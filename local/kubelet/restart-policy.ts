import type { PodRestartPolicy } from '../../core/pod.ts';

/**
 * `init` containers run one after another before the `main` ones; a `sidecar` runs beside them, and so does a
 * `collector` of the experiment's own, which may be done before.
 */
export type ContainerRole = 'init' | 'sidecar' | 'collector' | 'main';

export function shouldRestart(role: ContainerRole, policy: PodRestartPolicy, exitCode: number): boolean {
  if (role === 'sidecar') return true;
  // Started over, one that has done its work would report everything again.
  if (role === 'collector') return exitCode !== 0;
  if (policy === 'Never') return false;
  return exitCode !== 0 || (policy === 'Always' && role === 'main');
}

export interface RestartBackoffPolicy {
  /** Wait before the first restart. */
  readonly baseMs: number;
  readonly capMs: number;
}

export const KUBERNETES_BACKOFF: RestartBackoffPolicy = { baseMs: 10_000, capMs: 300_000 };

/** A container that ran this long begins with the shortest wait again. */
const RESET_AFTER_MS = 600_000;

/** How long a container that keeps ending waits before it is started again: twice as long each time. */
export class RestartBackoff {
  readonly #policy: RestartBackoffPolicy;
  #restarts = 0;

  constructor(policy: RestartBackoffPolicy) {
    this.#policy = policy;
  }

  nextDelayMs(uptimeMs: number): number {
    if (uptimeMs >= RESET_AFTER_MS) this.#restarts = 0;
    return Math.min(this.#policy.capMs, this.#policy.baseMs * 2 ** this.#restarts++);
  }
}
