import { createOptimizer, type Optimizer } from '../model/optimizer.ts';
import { ownAddress, type Cluster } from '../network/cluster.ts';
import { serve, type ConnectionId, type Service } from '../network/server.ts';
import { message, type Message } from '../network/wire.ts';
import type { TrainingOptions } from '../options.ts';
import { TrainingError } from '../training-error.ts';

/**
 * Keeps one piece of the parameters. Gradients are applied in the order in which they come, whichever parameters they
 * were computed from: no worker waits for another within an epoch.
 */
export async function runParameterServer(cluster: Cluster, options: TrainingOptions): Promise<void> {
  const end = Promise.withResolvers<number>();
  const service = parameterService(options, end);
  const server = await serve(`ps ${cluster.index}`, ownAddress(cluster), service);
  const updates = await end.promise;
  console.log(`ps ${cluster.index} has applied ${updates} gradients`);
  server.close();
}

interface Shard {
  readonly chief: ConnectionId;
  readonly parameters: Float32Array;
  readonly optimizer: Optimizer;
  updates: number;
  /** The chief has said that the training has ended. */
  isFinished: boolean;
}

/** `end` settles when the chief is gone: with the number of updates where it has said that the training has ended. */
function parameterService(
  { optimizer, learningRate, joinTimeoutMs }: TrainingOptions,
  end: Pick<PromiseWithResolvers<number>, 'resolve' | 'reject'>,
): Service {
  let shard: Shard | null = null;
  const impatience = setTimeout(() => {
    end.reject(new TrainingError(`The chief did not start within ${joinTimeoutMs / 1000} s.`));
  }, joinTimeoutMs);
  const initialise = (parameters: Float32Array, chief: ConnectionId): Message => {
    if (shard) throw new Error('the parameters have been set already');
    clearTimeout(impatience);
    shard = {
      chief,
      parameters,
      optimizer: createOptimizer(optimizer, learningRate, parameters.length),
      updates: 0,
      isFinished: false,
    };
    return message('done');
  };
  return {
    answer: (request, connection) => {
      if (request.kind === 'initialise') return initialise(request.values, connection);
      if (!shard) throw new Error(`"${request.kind}" came before the parameters`);
      return answerFrom(shard, request);
    },
    disconnected: (connection) => {
      if (connection !== shard?.chief) return;
      if (shard.isFinished) end.resolve(shard.updates);
      else end.reject(new TrainingError('The chief is gone before the training ended.'));
    },
  };
}

function answerFrom(shard: Shard, request: Message): Message {
  switch (request.kind) {
    case 'pull':
      return message('parameters', shard.parameters);
    case 'push':
      update(shard, request.values);
      return message('done');
    case 'finish':
      shard.isFinished = true;
      return message('done');
    default:
      throw new Error(`a parameter server has no answer to "${request.kind}"`);
  }
}

function update(shard: Shard, gradient: Float32Array): void {
  if (gradient.length !== shard.parameters.length) {
    throw new Error(`a gradient has ${gradient.length} numbers for ${shard.parameters.length} parameters`);
  }
  shard.optimizer(shard.parameters, gradient);
  shard.updates += 1;
}
