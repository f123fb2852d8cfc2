import { loadDigits, shardOf, shuffledBatches, trainingSet, type DigitSet } from '../data.ts';
import { startBackend } from '../model/backend.ts';
import { gradient } from '../model/model.ts';
import { parameterCount } from '../model/parameter-layout.ts';
import type { ParameterStore } from '../model/parameter-store.ts';
import type { Cluster } from '../network/cluster.ts';
import { connectParameterServers } from '../network/parameter-server-client.ts';
import { connectPeer } from '../network/peer.ts';
import { message } from '../network/wire.ts';
import type { Hyperparameters, TrainingOptions } from '../options.ts';

/** Computes gradients on its share of the training set, one epoch whenever the chief says so. */
export async function runWorker(cluster: Cluster, options: TrainingOptions): Promise<void> {
  await startBackend();
  const shard = shardOf(trainingSet(loadDigits()), cluster.index, cluster.workers.length);
  console.log(`worker ${cluster.index} trains on ${shard.count} images`);
  const timeoutMs = options.joinTimeoutMs;
  const [chief, store] = await Promise.all([
    connectPeer({ name: 'the chief', address: cluster.chief, timeoutMs }),
    connectParameterServers(cluster.parameterServers, parameterCount(options.hiddenUnits), timeoutMs),
  ]);
  for (;;) {
    const order = await chief.call(message('next-epoch', [cluster.index]));
    const [epoch] = order.values;
    if (order.kind !== 'train' || epoch === undefined) break;
    await trainEpoch(store, shard, options, `${options.seed}/${cluster.index}/${epoch}`);
  }
  chief.close();
  store.close();
}

/** One pass over a set. `order` seeds the order of its images. */
export async function trainEpoch(
  store: ParameterStore,
  set: DigitSet,
  { batchSize, hiddenUnits }: Pick<Hyperparameters, 'batchSize' | 'hiddenUnits'>,
  order: string,
): Promise<void> {
  for (const batch of shuffledBatches(set, batchSize, order)) {
    const parameters = await store.pull();
    await store.push(gradient(parameters, hiddenUnits, batch));
  }
}
