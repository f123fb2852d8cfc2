import type { RandomStream } from '../../core/random.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { KubeClient, WatchEvent } from '../../kube/client.ts';
import type { KubeObject } from '../../core/kubernetes-object.ts';

export interface Faults {
  random: RandomStream;
  /** Share of the writes that fail, half of them after they were applied. */
  failureRate: number;
  /** The process dies at this write, before or after it was applied; from then on no call comes through. */
  writesUntilDeath: number;
  /** Watches are up to so many milliseconds behind, each for itself: caches never agree. */
  maxLagMs: number;
  onDeath: () => void;
}

/** The client of a process with a bad connection and not long to live. */
export function faultyClient(
  client: KubeClient,
  { random, failureRate, writesUntilDeath, maxLagMs, onDeath }: Faults,
): KubeClient {
  let writes = 0;
  const refuse = (): never => {
    throw new ApiError('ServiceUnavailable', 'the connection broke');
  };
  const read = <T>(call: () => Promise<T>): Promise<T> =>
    writes >= writesUntilDeath ? Promise.reject(new Error('dead')) : call();
  const write = async <T>(call: () => Promise<T>): Promise<T> => {
    if (writes >= writesUntilDeath) throw new Error('dead');
    const dies = ++writes === writesUntilDeath;
    const fails = dies || random.next() < failureRate;
    const isApplied = !fails || random.next() < 0.5;
    if (dies) onDeath();
    const result = isApplied ? await call() : refuse();
    return fails ? refuse() : result;
  };
  return {
    get: (...args) => read(() => client.get(...args)),
    list: (...args) => read(() => client.list(...args)),
    watch: (resource, ...rest) =>
      delayed(client.watch(resource, ...rest), random.fork(resource.plural).next() * maxLagMs),
    create: (...args) => write(() => client.create(...args)),
    update: (...args) => write(() => client.update(...args)),
    updateStatus: (...args) => write(() => client.updateStatus(...args)),
    patch: (...args) => write(() => client.patch(...args)),
    patchStatus: (...args) => write(() => client.patchStatus(...args)),
    delete: (...args) => write(() => client.delete(...args)),
  };
}

/** The same events in the same order, each `lagMs` after it came. */
async function* delayed<T extends KubeObject>(
  events: AsyncIterable<WatchEvent<T>>,
  lagMs: number,
): AsyncGenerator<WatchEvent<T>> {
  const due: { event: WatchEvent<T>; atMs: number }[] = [];
  let [ended, wake] = [false, (): void => undefined];
  const reading = (async () => {
    for await (const event of events) {
      due.push({ event, atMs: performance.now() + lagMs });
      wake();
    }
  })().finally(() => {
    ended = true;
    wake();
  });
  for (;;) {
    const next = due.shift();
    if (next) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next.atMs - performance.now())));
      yield next.event;
    } else if (ended) return reading;
    else await new Promise<void>((resolve) => (wake = resolve));
  }
}
