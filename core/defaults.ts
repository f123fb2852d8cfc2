import {
  type AlgorithmSpec,
  desiredState,
  type Experiment,
  type ExperimentSpec,
  type MetricsCollectorSpec,
  type MetricStrategy,
  type Objective,
  type ParameterSpec,
  type TrialTemplate,
} from './experiment.ts';
import { jobKind } from './job-kinds.ts';
import { DEFAULT_METRICS_PATH, DEFAULT_METRICS_PORT } from './metrics-address.ts';

const DEFAULT_PARALLEL_TRIALS = 3;
/** Where nobody names an algorithm. Ours: Katib wants one. */
export const DEFAULT_ALGORITHM = 'auto';

/**
 * The experiment with Katib's defaults filled in; what the author wrote is kept. One difference: where only
 * `maxTrialCount` is given and is below 3, as many trials run in parallel, instead of a refusal; where no algorithm is named,
 * it is `auto`.
 * Never changes its argument; filling in twice changes nothing.
 */
export function withDefaults(experiment: Experiment): Experiment {
  return { ...experiment, spec: specWithDefaults(experiment.spec) };
}

function specWithDefaults(spec: ExperimentSpec): ExperimentSpec {
  return {
    ...spec,
    ...(spec.parameters && { parameters: spec.parameters.map(parameterWithDefaults) }),
    algorithm: algorithmOf(spec),
    objective: objectiveWithDefaults(spec.objective),
    trialTemplate: templateWithDefaults(spec.trialTemplate),
    parallelTrialCount: parallelTrialCount(spec),
    metricsCollectorSpec: collectorWithDefaults(spec.metricsCollectorSpec ?? {}),
    resumePolicy: spec.resumePolicy ?? 'Never',
    desiredState: desiredState(spec),
  };
}

/** The written algorithm or the default. */
export function algorithmOf({ algorithm }: Pick<ExperimentSpec, 'algorithm'>): AlgorithmSpec {
  return algorithm ?? { algorithmName: DEFAULT_ALGORITHM };
}

/** Trials that run at the same time: the written count or the default. */
export function parallelTrialCount(
  spec: Pick<ExperimentSpec, 'parallelTrialCount' | 'maxTrialCount'>,
): number {
  return spec.parallelTrialCount ?? Math.min(DEFAULT_PARALLEL_TRIALS, spec.maxTrialCount ?? Infinity);
}

function parameterWithDefaults(parameter: ParameterSpec): ParameterSpec {
  const { feasibleSpace } = parameter;
  return {
    ...parameter,
    feasibleSpace: { ...feasibleSpace, distribution: feasibleSpace.distribution ?? 'uniform' },
  };
}

/** Every metric gets a strategy: the written one, else the best value in the objective's direction. */
function objectiveWithDefaults(objective: Objective): Objective {
  const written = objective.metricStrategies ?? [];
  const value = objective.type === 'minimize' ? 'min' : 'max';
  const missing = [objective.objectiveMetricName, ...(objective.additionalMetricNames ?? [])]
    .filter((name) => !written.some((strategy) => strategy.name === name))
    .map((name): MetricStrategy => ({ name, value }));
  return { ...objective, metricStrategies: [...written, ...missing] };
}

function templateWithDefaults(template: TrialTemplate): TrialTemplate {
  const kind = jobKind(typeof template.trialSpec?.kind === 'string' ? template.trialSpec.kind : '');
  if (!kind) return template;
  const { successCondition, failureCondition, primaryPodLabels } = kind;
  const needsLabels = Object.keys(primaryPodLabels).length > 0 && template.primaryPodLabels === undefined;
  return {
    ...(successCondition !== null && { successCondition }),
    ...(failureCondition !== null && { failureCondition }),
    ...template,
    ...(needsLabels && { primaryPodLabels: { ...primaryPodLabels } }),
  };
}

/** Where collectors look unless told otherwise: Katib's paths. */
export const DEFAULT_METRICS_FILE = '/var/log/katib/metrics.log';
export const DEFAULT_EVENTS_DIRECTORY = '/var/log/katib/tfevent/';

function collectorWithDefaults(spec: MetricsCollectorSpec): MetricsCollectorSpec {
  const kind = spec.collector?.kind ?? 'StdOut';
  const source = sourceWithDefaults(kind, spec.source);
  return { ...spec, collector: { ...spec.collector, kind }, ...(source && { source }) };
}

type CollectorSource = MetricsCollectorSpec['source'];

function sourceWithDefaults(kind: string, source: CollectorSource): CollectorSource {
  switch (kind) {
    case 'File':
      return {
        ...source,
        fileSystemPath: {
          path: DEFAULT_METRICS_FILE,
          kind: 'File',
          format: 'TEXT',
          ...source?.fileSystemPath,
        },
      };
    case 'TensorFlowEvent':
      return {
        ...source,
        fileSystemPath: { path: DEFAULT_EVENTS_DIRECTORY, kind: 'Directory', ...source?.fileSystemPath },
      };
    case 'PrometheusMetric':
      return {
        ...source,
        httpGet: { path: DEFAULT_METRICS_PATH, port: DEFAULT_METRICS_PORT, ...source?.httpGet },
      };
    default:
      return source;
  }
}
