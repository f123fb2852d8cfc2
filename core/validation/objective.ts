import { didYouMean } from '../did-you-mean.ts';
import type { Objective } from '../experiment.ts';
import { type Issues, quoted, specIssue, type SpecPath } from './issue.ts';
import { checkDistinctNames } from './parameters.ts';

const PATH = ['spec', 'objective'];

/** The part of an objective that rules between fields are about. */
export type ObjectiveMetrics = Pick<
  Objective,
  'objectiveMetricName' | 'additionalMetricNames' | 'metricStrategies'
>;

export function* checkObjective(objective: ObjectiveMetrics): Issues {
  const { objectiveMetricName, additionalMetricNames = [] } = objective;
  yield* checkMetricName(objectiveMetricName, [...PATH, 'objectiveMetricName']);
  for (const [index, name] of additionalMetricNames.entries()) {
    yield* checkMetricName(name, [...PATH, 'additionalMetricNames', index]);
    if (name === objectiveMetricName) {
      yield specIssue(
        'SPEC_METRIC_DUPLICATE',
        [...PATH, 'additionalMetricNames', index],
        `The metric ${quoted(name)} is the objective already.`,
        'Remove it here: the objective is always collected.',
      );
    }
  }
  yield* checkDistinctNames(additionalMetricNames, (name, index) =>
    specIssue(
      'SPEC_METRIC_DUPLICATE',
      [...PATH, 'additionalMetricNames', index],
      `The metric ${quoted(name)} stands twice.`,
      'Write every metric once.',
    ),
  );
  yield* checkStrategies(objective);
}

function* checkMetricName(name: string, path: SpecPath): Issues {
  if (name.trim() === '') {
    yield specIssue(
      'SPEC_METRIC_NAME_INVALID',
      path,
      'The metric name is empty.',
      'Write the name that the training reports.',
    );
  } else if (/[;\r\n]/.test(name) || name !== name.trim()) {
    yield specIssue(
      'SPEC_METRIC_NAME_INVALID',
      path,
      `The metric name ${quoted(name)} has a semicolon, a line break or a space at its end.`,
      'Report the metric under a plain name such as val_loss.',
    );
  }
}

function* checkStrategies({
  objectiveMetricName,
  additionalMetricNames = [],
  metricStrategies = [],
}: ObjectiveMetrics): Issues {
  const path = [...PATH, 'metricStrategies'];
  const metrics = [objectiveMetricName, ...additionalMetricNames];
  for (const [index, { name }] of metricStrategies.entries()) {
    if (metrics.includes(name)) continue;
    yield specIssue(
      'SPEC_METRIC_UNKNOWN',
      [...path, index, 'name'],
      `The metric ${quoted(name)} is not collected.`,
      `${didYouMean(name, metrics)} Or add it to additionalMetricNames.`,
    );
  }
  yield* checkDistinctNames(
    metricStrategies.map(({ name }) => name),
    (name, index) =>
      specIssue(
        'SPEC_METRIC_DUPLICATE',
        [...path, index, 'name'],
        `The metric ${quoted(name)} has two strategies.`,
        'Keep one of them.',
      ),
  );
}
