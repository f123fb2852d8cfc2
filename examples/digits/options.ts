import { parseArgs } from 'node:util';
import { TrainingError } from './training-error.ts';
import { OPTIMIZERS, type OptimizerName } from './model/optimizer.ts';

/** The hyperparameters: what a search varies. Two trainings with equal ones are the same training. */
export interface Hyperparameters {
  readonly learningRate: number;
  /** Samples per gradient step of one worker. */
  readonly batchSize: number;
  readonly hiddenUnits: number;
  readonly optimizer: OptimizerName;
  /** Of the initial parameters and of the order of the samples. */
  readonly seed: number;
}

export interface TrainingOptions extends Hyperparameters {
  readonly epochs: number;
  /** How long to wait for the other replicas to start, in ms. */
  readonly joinTimeoutMs: number;
  /** Where checkpoints are kept, null for none. */
  readonly modelDir: string | null;
  /** Where the trained model is written, null for nowhere. */
  readonly exportDir: string | null;
}

/** Reads the command line, and the directories from the environment variables `modelDir` and `exportDir`. */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): TrainingOptions {
  const flags = parseFlags(args);
  return {
    learningRate: positiveNumber('learning-rate', flags['learning-rate']),
    batchSize: wholeNumber('batch-size', flags['batch-size']),
    hiddenUnits: wholeNumber('hidden-units', flags['hidden-units']),
    optimizer: optimizerName(flags.optimizer),
    seed: wholeNumber('seed', flags.seed),
    epochs: wholeNumber('epochs', flags.epochs),
    joinTimeoutMs: positiveNumber('join-timeout-seconds', flags['join-timeout-seconds']) * 1000,
    modelDir: environment['modelDir'] ?? null,
    exportDir: environment['exportDir'] ?? null,
  };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'learning-rate': { type: 'string', default: '0.01' },
        'batch-size': { type: 'string', default: '32' },
        'hidden-units': { type: 'string', default: '64' },
        optimizer: { type: 'string', default: 'adam' },
        seed: { type: 'string', default: '1' },
        epochs: { type: 'string', default: '15' },
        'join-timeout-seconds': { type: 'string', default: '60' },
      },
    }).values;
  } catch (error) {
    throw new TrainingError(error instanceof Error ? error.message : String(error));
  }
}

function positiveNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new TrainingError(`--${flag}=${text} is not a positive number.`);
}

function wholeNumber(flag: string, text: string): number {
  const value = positiveNumber(flag, text);
  if (Number.isSafeInteger(value)) return value;
  throw new TrainingError(`--${flag}=${text} is not a whole number.`);
}

function optimizerName(text: string): OptimizerName {
  const name = OPTIMIZERS.find((known) => known === text);
  if (name) return name;
  throw new TrainingError(`--optimizer=${text} is not one of ${OPTIMIZERS.join(', ')}.`);
}
