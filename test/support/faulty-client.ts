import type { RandomStream } from '../../core/random.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { KubeClient, WatchEvent } from '../../kube/client.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';

export interface Faults {
  /** Share of calls that fail before they do anything, 0 to 1. May be changed at any time. */
  refused: number;
  /** Share of calls that are carried out although their answer is lost. */
  unanswered: number;
  /** Share of watch events after which the watch breaks. */
  brokenWatch: number;
  /** Share of watches that are refused as too old. */
  expired: number;
}

/** A client whose calls fail at random, as those of a network do. */
export function faultyClient(client: KubeClient, random: RandomStream, faults: Faults): KubeClient {
  const happens = (share: number): boolean => random.next() < share;
  const unreliable = async <R>(call: () => Promise<R>): Promise<R> => {
    if (happens(faults.refused)) throw new ApiError('ServiceUnavailable', 'refused for the test');
    const answer = await call();
    if (happens(faults.unanswered)) throw new ApiError('Timeout', 'answer lost for the test');
    return answer;
  };
  async function* watch<T extends KubeObject>(
    ...args: Parameters<typeof client.watch<T>>
  ): AsyncGenerator<WatchEvent<T>> {
    if (happens(faults.refused)) throw new ApiError('ServiceUnavailable', 'refused for the test');
    if (happens(faults.expired)) throw new ApiError('Expired', 'too old for the test');
    for await (const event of client.watch(...args)) {
      yield event;
      if (happens(faults.brokenWatch)) throw new Error('connection reset for the test');
    }
  }
  return {
    get: (resource, ref) => unreliable(() => client.get(resource, ref)),
    list: (resource, options) => unreliable(() => client.list(resource, options)),
    watch,
    create: (resource, object) => unreliable(() => client.create(resource, object)),
    update: (resource, object) => unreliable(() => client.update(resource, object)),
    updateStatus: (resource, object) => unreliable(() => client.updateStatus(resource, object)),
    patch: (resource, ref, patch) => unreliable(() => client.patch(resource, ref, patch)),
    patchStatus: (resource, ref, patch) => unreliable(() => client.patchStatus(resource, ref, patch)),
    delete: (resource, ref, options) => unreliable(() => client.delete(resource, ref, options)),
  };
}
