import { heldOutSet, loadDigits } from '../data.ts';
import { loadCheckpoint, saveCheckpoint } from '../model/checkpoint.ts';
import { evaluate } from '../model/model.ts';
import { initialParameters } from '../model/parameter-layout.ts';
import { exportModel } from '../model/saved-model.ts';
import type { TrainingOptions } from '../options.ts';

/** What trains, in one process or in many. */
export interface Trainer {
  start(parameters: Float32Array): Promise<void>;
  /** One pass over the training set. */
  trainEpoch(epoch: number): Promise<void>;
  parameters(): Promise<Float32Array>;
}

/**
 * Trains, and prints one line of metrics after each epoch: what the metrics collector reads. Goes on from a checkpoint
 * of the same training, whose metrics are printed again, because those of an interrupted run are not kept.
 */
export async function runTraining(trainer: Trainer, options: TrainingOptions): Promise<void> {
  const heldOut = heldOutSet(loadDigits());
  const report = (epoch: number, parameters: Float32Array): void => {
    const { accuracy, loss } = evaluate(parameters, options.hiddenUnits, heldOut);
    console.log(`epoch=${epoch} accuracy=${accuracy.toFixed(4)} loss=${loss.toFixed(4)}`);
  };
  const checkpoint = loadCheckpoint(options);
  let parameters = checkpoint?.parameters ?? initialParameters(options.hiddenUnits, options.seed);
  if (checkpoint) report(checkpoint.epoch, parameters);
  await trainer.start(parameters.slice());
  for (let epoch = (checkpoint?.epoch ?? 0) + 1; epoch <= options.epochs; epoch += 1) {
    await trainer.trainEpoch(epoch);
    parameters = await trainer.parameters();
    report(epoch, parameters);
    saveCheckpoint(options, { epoch, parameters });
  }
  if (options.exportDir !== null) exportModel(options.exportDir, options.hiddenUnits, parameters);
}
