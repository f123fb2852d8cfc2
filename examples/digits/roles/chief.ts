import { startBackend } from '../model/backend.ts';
import { parameterCount } from '../model/parameter-layout.ts';
import { ownAddress, type Cluster } from '../network/cluster.ts';
import { connectParameterServers } from '../network/parameter-server-client.ts';
import { serve } from '../network/server.ts';
import type { TrainingOptions } from '../options.ts';
import { TrainingError } from '../training-error.ts';
import { createEpochBarrier, type EpochBarrier } from './epoch-barrier.ts';
import { runTraining } from './training-loop.ts';

/** Coordinates: gives the parameter servers their parameters, starts each epoch, judges it, and ends all replicas. */
export async function runChief(cluster: Cluster, options: TrainingOptions): Promise<void> {
  const barrier = createEpochBarrier(cluster.workers.length);
  const server = await serve('chief', ownAddress(cluster), barrier.service);
  await startBackend();
  const store = await connectParameterServers(
    cluster.parameterServers,
    parameterCount(options.hiddenUnits),
    options.joinTimeoutMs,
  );
  void store.lost.then(barrier.fail);
  const trainer = {
    start: async (parameters: Float32Array) => {
      await store.initialise(parameters);
      await workersHaveJoined(barrier, options.joinTimeoutMs);
    },
    trainEpoch: async (epoch: number) => {
      barrier.startEpoch(epoch);
      await barrier.allWait();
    },
    parameters: () => store.pull(),
  };
  await runTraining(trainer, options);
  barrier.stop();
  await store.finish();
  store.close();
  server.close();
}

async function workersHaveJoined(barrier: EpochBarrier, timeoutMs: number): Promise<void> {
  const impatience = setTimeout(() => {
    const names = barrier.absent().map((worker) => `worker ${worker}`);
    barrier.fail(new TrainingError(`Did not start within ${timeoutMs / 1000} s: ${names.join(', ')}.`));
  }, timeoutMs);
  try {
    await barrier.allWait();
  } finally {
    clearTimeout(impatience);
  }
}
