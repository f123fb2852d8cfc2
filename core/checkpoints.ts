import type { AlgorithmSpec } from './experiment.ts';
import {
  CHECKPOINT_CLAIM_ANNOTATION,
  CHECKPOINT_DIRECTORY_ANNOTATION,
  PARENT_LABEL,
  PBT_PARENT_LABEL,
} from './labels.ts';

/** Setting of an algorithm: where the training of each trial finds its checkpoint directory. Katib's, of pbt. */
export const CHECKPOINT_DIRECTORY_SETTING = 'suggestion_trial_dir';

/** Where the checkpoint directories of an experiment's trials are. */
export interface Checkpoints {
  /** An absolute path in the primary container: the trial's own directory. */
  readonly directory: string;
  /** The PersistentVolumeClaim that holds the directories of all trials. */
  readonly claim: string;
}

/** What an experiment's algorithm asks for; undefined where trials have no checkpoint directory. */
export function checkpointsOf(
  experiment: string,
  algorithm: AlgorithmSpec | undefined,
): Checkpoints | undefined {
  const setting = algorithm?.algorithmSettings?.find(({ name }) => name === CHECKPOINT_DIRECTORY_SETTING);
  if (!algorithm || !setting) return undefined;
  // Katib's name for the claim.
  return { directory: setting.value, claim: `${experiment}-${algorithm.algorithmName}` };
}

export function checkpointAnnotations({ directory, claim }: Checkpoints): Record<string, string> {
  return { [CHECKPOINT_DIRECTORY_ANNOTATION]: directory, [CHECKPOINT_CLAIM_ANNOTATION]: claim };
}

/** What `checkpointAnnotations` told a trial. */
export function readCheckpoints(annotations: Readonly<Record<string, string>> = {}): Checkpoints | undefined {
  const directory = annotations[CHECKPOINT_DIRECTORY_ANNOTATION];
  const claim = annotations[CHECKPOINT_CLAIM_ANNOTATION];
  return directory === undefined || claim === undefined ? undefined : { directory, claim };
}

/** Name of the trial that one with these labels goes on from; undefined where it begins from nothing. */
export function parentTrial(labels: Readonly<Record<string, string>> = {}): string | undefined {
  return labels[PARENT_LABEL] ?? labels[PBT_PARENT_LABEL];
}
