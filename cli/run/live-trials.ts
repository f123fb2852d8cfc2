import type { StoredExperiment } from '../../core/experiment.ts';
import { trialState, type StoredTrial } from '../../core/trial.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import type { LiveTrial } from '../progress/progress.ts';

/** More running trials than this are counted, not named. */
const SHOWN_LIVE_TRIALS = 4;

/** What the first few running trials reported last. */
export async function liveTrials(
  observations: ObservationStore,
  { spec }: StoredExperiment,
  trials: readonly StoredTrial[],
): Promise<LiveTrial[]> {
  const running = trials.filter((trial) => trialState(trial) === 'Running').slice(0, SHOWN_LIVE_TRIALS);
  return Promise.all(
    running.map(async ({ metadata }) => {
      const summaries = await observations.summaries(metadata.uid);
      const objective = summaries.find(({ metric }) => metric === spec.objective.objectiveMetricName);
      return { name: metadata.name, value: objective?.latest ?? null };
    }),
  );
}
