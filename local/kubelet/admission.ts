import { controllerOf } from '../../core/kubernetes-object.ts';
import type { StoredPod } from '../../core/pod.ts';
import { requestedAmount } from './resource-requests.ts';

/** CPUs of a job that does not say how many it wants. */
const DEFAULT_GROUP_CPUS = 1;

interface Member {
  cpus: number | undefined;
  admit: () => void;
}

/** The pods of one job: admitted together, because its replicas wait for each other. */
interface Group {
  readonly members: Map<string, Member>;
  admitted: boolean;
}

/**
 * How many jobs run at the same time. A job costs the CPUs that its pods request; jobs are admitted in the order in
 * which their first pods came, while the sum fits the capacity. A job that is bigger than the capacity runs alone.
 * Once a job is admitted its further pods start at once, even beyond the capacity: a replica that had to wait could
 * keep its peers waiting for ever.
 */
export class CpuAdmission {
  readonly #capacity: number;
  /** In the order of arrival. */
  readonly #groups = new Map<string, Group>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Sum of the costs of admitted jobs. */
  get used(): number {
    let sum = 0;
    for (const group of this.#groups.values()) if (group.admitted) sum += groupCpus(group);
    return sum;
  }

  /**
   * Resolves when the pod may start. `onWait` is called before, if that is not now. Rejects when aborted. A pod that was
   * admitted must be released.
   */
  admit(pod: StoredPod, signal: AbortSignal, onWait: () => void): Promise<void> {
    const key = groupKey(pod);
    const group = this.#groups.get(key) ?? { members: new Map<string, Member>(), admitted: false };
    this.#groups.set(key, group);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(new Error('stopped while waiting for a CPU'));
        this.release(pod);
      };
      const admit = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      group.members.set(pod.metadata.uid, { cpus: requestedAmount(pod, 'cpu'), admit });
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      if (group.admitted) admit();
      else this.#admitWhatFits();
      if (!this.#isAdmitted(key)) onWait();
    });
  }

  /** The pod's processes have ended. No error for a pod that is not known. */
  release(pod: StoredPod): void {
    const key = groupKey(pod);
    const group = this.#groups.get(key);
    if (!group?.members.delete(pod.metadata.uid)) return;
    if (group.members.size === 0) this.#groups.delete(key);
    this.#admitWhatFits();
  }

  #isAdmitted(key: string): boolean {
    return this.#groups.get(key)?.admitted ?? false;
  }

  #admitWhatFits(): void {
    let used = this.used;
    for (const group of this.#groups.values()) {
      if (group.admitted) continue;
      const cost = groupCpus(group);
      if (used > 0 && used + cost > this.#capacity) return;
      group.admitted = true;
      used += cost;
      for (const member of group.members.values()) member.admit();
    }
  }
}

function groupKey(pod: StoredPod): string {
  return controllerOf(pod)?.uid ?? pod.metadata.uid;
}

function groupCpus(group: Group): number {
  const known = [...group.members.values()].flatMap(({ cpus }) => cpus ?? []);
  return known.length === 0 ? DEFAULT_GROUP_CPUS : known.reduce((sum, cpus) => sum + cpus, 0);
}
