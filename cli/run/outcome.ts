import { objectKey } from '../../core/kubernetes-object.ts';
import type { StoredExperiment } from '../../core/experiment.ts';
import { EXPERIMENT_LABEL } from '../../core/labels.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EXPERIMENTS, TRIALS } from '../../kube/resource.ts';
import { groupFailures, type FailureGroup } from '../../experiments/failure.ts';
import {
  byTrialIndex,
  summarizeExperiment,
  summarizeTrial,
  type ExperimentSummary,
} from '../../experiments/summary.ts';

/** What became of an experiment by the end of a run. */
export interface Outcome {
  experiment: ExperimentSummary;
  failures: readonly FailureGroup[];
}

export interface Outcomes {
  found: readonly Outcome[];
  /** Keys of experiments that were deleted while they ran. */
  deleted: readonly string[];
}

/** The outcomes of the experiments with these keys (`namespace/name`), in the keys' order. */
export async function readOutcomes(client: KubeClient, keys: readonly string[]): Promise<Outcomes> {
  const { items } = await client.list(EXPERIMENTS);
  const byKey = new Map(items.map((experiment) => [objectKey(experiment), experiment]));
  const found = keys.flatMap((key) => byKey.get(key) ?? []);
  return {
    found: await Promise.all(found.map((experiment) => outcomeOf(client, experiment))),
    deleted: keys.filter((key) => !byKey.has(key)),
  };
}

async function outcomeOf(client: KubeClient, experiment: StoredExperiment): Promise<Outcome> {
  const summary = summarizeExperiment(experiment);
  const { failed, metricsUnavailable } = summary.counts;
  const mayHaveFailures = failed + metricsUnavailable > 0 || summary.best === null;
  const failures = mayHaveFailures ? await readFailures(client, experiment) : [];
  return { experiment: summary, failures };
}

async function readFailures(client: KubeClient, { metadata }: StoredExperiment): Promise<FailureGroup[]> {
  const { namespace, name } = metadata;
  const { items } = await client.list(TRIALS, { namespace, labelSelector: `${EXPERIMENT_LABEL}=${name}` });
  const trials = items.sort((left, right) => byTrialIndex(left.metadata, right.metadata));
  return groupFailures(trials.map(summarizeTrial));
}
