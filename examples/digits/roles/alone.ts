import { loadDigits, trainingSet } from '../data.ts';
import { startBackend } from '../model/backend.ts';
import { createOptimizer } from '../model/optimizer.ts';
import { localParameterStore } from '../model/parameter-store.ts';
import type { TrainingOptions } from '../options.ts';
import { runTraining } from './training-loop.ts';
import { trainEpoch } from './worker.ts';

/** The whole training in this process. */
export async function trainAlone(options: TrainingOptions): Promise<void> {
  await startBackend();
  const set = trainingSet(loadDigits());
  let store = localParameterStore(new Float32Array(), () => undefined);
  const trainer = {
    start: (parameters: Float32Array) => {
      store = localParameterStore(
        parameters,
        createOptimizer(options.optimizer, options.learningRate, parameters.length),
      );
      return Promise.resolve();
    },
    trainEpoch: (epoch: number) => trainEpoch(store, set, options, `${options.seed}/0/${epoch}`),
    parameters: () => store.pull(),
  };
  await runTraining(trainer, options);
}
