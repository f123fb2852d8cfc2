import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, floatsOf } from '../float-bytes.ts';
import type { Hyperparameters, TrainingOptions } from '../options.ts';
import { parameterCount } from './parameter-layout.ts';

/** The state of a training after an epoch. The optimiser's memory is not part of it: it starts anew. */
export interface Checkpoint {
  readonly epoch: number;
  readonly parameters: Float32Array;
}

/** checkpoint.json. */
interface CheckpointFile {
  readonly epoch: number;
  /** Of the training that wrote it: a training with others must not go on from here. */
  readonly hyperparameters: Hyperparameters;
  /** Name of the file of parameters, beside this one. */
  readonly parametersFile: string;
}

/** Writes a checkpoint into `modelDir`, in place of the one before. Does nothing where the training has no `modelDir`. */
export function saveCheckpoint(options: TrainingOptions, { epoch, parameters }: Checkpoint): void {
  const { modelDir } = options;
  if (modelDir === null) return;
  mkdirSync(modelDir, { recursive: true });
  const parametersFile = `checkpoint-${epoch}.bin`;
  writeFileSync(join(modelDir, parametersFile), bytesOf(parameters));
  const file: CheckpointFile = { epoch, hyperparameters: hyperparametersOf(options), parametersFile };
  // Renamed into place, so that whoever is killed here leaves a whole checkpoint behind.
  writeFileSync(join(modelDir, 'checkpoint.json.new'), `${JSON.stringify(file, null, 2)}\n`);
  renameSync(join(modelDir, 'checkpoint.json.new'), join(modelDir, 'checkpoint.json'));
  removeOthers(modelDir, parametersFile);
}

/** The checkpoint of this very training, or null where there is none. */
export function loadCheckpoint(options: TrainingOptions): Checkpoint | null {
  const { modelDir } = options;
  if (modelDir === null || !existsSync(join(modelDir, 'checkpoint.json'))) return null;
  const file = JSON.parse(readFileSync(join(modelDir, 'checkpoint.json'), 'utf8')) as CheckpointFile;
  if (!areEqual(file.hyperparameters, hyperparametersOf(options))) return null;
  const parameters = floatsOf(readFileSync(join(modelDir, file.parametersFile)));
  return parameters.length === parameterCount(options.hiddenUnits) ? { epoch: file.epoch, parameters } : null;
}

function hyperparametersOf(options: TrainingOptions): Hyperparameters {
  const { learningRate, batchSize, hiddenUnits, optimizer, seed } = options;
  return { learningRate, batchSize, hiddenUnits, optimizer, seed };
}

function areEqual(a: Hyperparameters, b: Hyperparameters): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function removeOthers(modelDir: string, parametersFile: string): void {
  const files = readdirSync(modelDir).filter((name) => /^checkpoint-\d+\.bin$/.test(name));
  for (const name of files) if (name !== parametersFile) rmSync(join(modelDir, name));
}
