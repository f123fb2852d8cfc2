import type { ConnectionId, Service } from '../network/server.ts';
import { message, type Message } from '../network/wire.ts';
import { TrainingError } from '../training-error.ts';

/** Where workers wait between epochs: each asks for the next one, and gets its answer when all have asked. */
export interface EpochBarrier {
  readonly service: Service;
  /** Resolves when every worker waits here. Throws a TrainingError when one is gone, and what `fail` was given. */
  allWait(): Promise<void>;
  /** Sends the waiting workers through one epoch. */
  startEpoch(epoch: number): void;
  /** Sends the waiting workers home. */
  stop(): void;
  /** Makes `allWait` throw, now and later. */
  readonly fail: (error: TrainingError) => void;
  /** Numbers of the workers that have never come. */
  absent(): number[];
}

export function createEpochBarrier(workers: number): EpochBarrier {
  const members = new Map<ConnectionId, number>();
  const waiting = new Map<ConnectionId, (order: Message) => void>();
  const failure = Promise.withResolvers<never>();
  // It may come while nobody waits for the workers; it is not forgotten, because allWait() looks at it.
  failure.promise.catch(() => undefined);
  let complete = Promise.withResolvers<undefined>();
  let stopped = false;

  const admit = (worker: number, connection: ConnectionId): void => {
    const isNew = members.get(connection) !== worker;
    if (isNew && [...members.values()].includes(worker))
      throw new Error(`there is a worker ${worker} already`);
    if (worker >= workers) throw new Error(`there is no worker ${worker} in this training`);
    members.set(connection, worker);
  };
  const release = (order: Message): void => {
    const orders = [...waiting.values()];
    waiting.clear();
    complete = Promise.withResolvers();
    for (const send of orders) send(order);
  };
  return {
    service: {
      answer: (request, connection) => {
        if (request.kind !== 'next-epoch') throw new Error(`the chief has no answer to "${request.kind}"`);
        admit(request.values[0] ?? NaN, connection);
        return new Promise((resolve) => {
          waiting.set(connection, resolve);
          if (waiting.size === workers) complete.resolve(undefined);
        });
      },
      disconnected: (connection) => {
        const worker = members.get(connection);
        if (worker === undefined || stopped) return;
        failure.reject(new TrainingError(`Worker ${worker} is gone before the training ended.`));
      },
    },
    allWait: () => Promise.race([failure.promise, complete.promise]),
    startEpoch: (epoch) => release(message('train', [epoch])),
    stop: () => {
      stopped = true;
      release(message('stop'));
    },
    fail: failure.reject,
    absent: () => {
      const present = new Set(members.values());
      return Array.from({ length: workers }, (_, worker) => worker).filter((worker) => !present.has(worker));
    },
  };
}
