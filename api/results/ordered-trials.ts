import type { StoredExperiment } from '../../core/experiment.ts';
import type { StoredTrial } from '../../core/trial.ts';
import type { TrialIndex } from '../trials/trial-index.ts';

/** One collator for all comparisons: making one for each is what makes sorting ten thousand names slow. */
const byName = new Intl.Collator('en', { numeric: true });

/** The trials in the order of their index. */
export async function orderedTrials(
  trials: TrialIndex,
  experiment: StoredExperiment,
): Promise<StoredTrial[]> {
  const found = [...(await trials.trialsOf(experiment))];
  return found.sort((left, right) => byName.compare(left.metadata.name, right.metadata.name));
}
