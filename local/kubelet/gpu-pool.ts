import { readdirSync } from 'node:fs';
import type { Pod } from '../../core/pod.ts';
import { localError } from '../../core/failure-codes/local-codes.ts';
import { requestedAmount } from './resource-requests.ts';

const GPU_RESOURCE = 'nvidia.com/gpu';

interface Waiter {
  podUid: string;
  count: number;
  admit: () => void;
}

/** The NVIDIA devices of this computer, by number. */
export function findGpuDevices(): number[] {
  try {
    return readdirSync('/dev').flatMap((name) => {
      const number = /^nvidia(\d+)$/.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    });
  } catch {
    return [];
  }
}

/** How many GPUs the pod's containers ask for together. */
export function requestedGpus(pod: Pod): number {
  return requestedAmount(pod, GPU_RESOURCE) ?? 0;
}

/** Lends whole GPUs to pods, first come, first served. */
export class GpuPool {
  readonly #total: number;
  readonly #free: number[];
  readonly #lent = new Map<string, number[]>();
  #waiters: Waiter[] = [];

  constructor(devices: readonly number[]) {
    this.#total = devices.length;
    this.#free = [...devices].sort((a, b) => a - b);
  }

  /**
   * Resolves to the devices once that many are free. LOCAL_GPU_UNAVAILABLE when there never will be; rejects with the
   * signal's reason when aborted.
   */
  async acquire(podUid: string, count: number, signal: AbortSignal): Promise<readonly number[]> {
    if (count === 0) return [];
    if (count > this.#total) {
      throw localError('LOCAL_GPU_UNAVAILABLE', `${count} GPUs are asked for, ${this.#total} are here.`);
    }
    await this.#turn(podUid, count, signal);
    return this.#lent.get(podUid) ?? [];
  }

  /** Takes back what the pod has; nothing where it has none. */
  release(podUid: string): void {
    this.#free.push(...(this.#lent.get(podUid) ?? []));
    this.#free.sort((a, b) => a - b);
    this.#lent.delete(podUid);
    this.#serve();
  }

  #turn(podUid: string, count: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters = this.#waiters.filter((waiter) => waiter.podUid !== podUid);
        reject(new Error('stopped while waiting for a GPU'));
        this.#serve();
      };
      const admit = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiters.push({ podUid, count, admit });
      if (signal.aborted) leave();
      else signal.addEventListener('abort', leave, { once: true });
      this.#serve();
    });
  }

  #serve(): void {
    for (;;) {
      const [first] = this.#waiters;
      if (!first || first.count > this.#free.length) return;
      this.#waiters.shift();
      this.#lent.set(first.podUid, this.#free.splice(0, first.count));
      first.admit();
    }
  }
}
