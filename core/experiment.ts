import { z } from 'zod';
import { conditionSchema, objectMetaSchema, type Stored } from './kubernetes-object.ts';

/*
 * The Experiment of `kubeflow.org/v1beta1`. These schemas are the single source of the types, of the checks on
 * documents and of deploy/crds/. Rules that one field alone can break are here; rules between fields are in
 * core/validation/. All numbers of a search space are strings on the wire: Katib's format.
 */

export const KUBEFLOW_V1BETA1 = 'kubeflow.org/v1beta1';

export const PARAMETER_TYPES = ['double', 'int', 'discrete', 'categorical'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

export const DISTRIBUTIONS = ['uniform', 'logUniform', 'normal', 'logNormal'] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];

/** Bounds of texts and lists: Kubernetes estimates from them what the rules in core/crd/ may cost. */
const NAME_LENGTH = 256;
const NUMBER_LENGTH = 64;
const name = z.string().max(NAME_LENGTH);
const numberText = z.string().max(NUMBER_LENGTH);

export const feasibleSpaceSchema = z.strictObject({
  min: numberText.describe('Smallest value of a double or int, as text.').optional(),
  max: numberText.describe('Largest value of a double or int, as text.').optional(),
  step: numberText.describe('Distance of neighbouring values, counted from min.').optional(),
  list: z.array(z.string()).describe('The values of a discrete or categorical parameter.').optional(),
  distribution: z
    .enum(DISTRIBUTIONS)
    .describe('Where in the range values are dense; uniform where absent.')
    .optional(),
});
export type FeasibleSpace = z.infer<typeof feasibleSpaceSchema>;

export const parameterSpecSchema = z.strictObject({
  name,
  parameterType: z.enum(PARAMETER_TYPES),
  feasibleSpace: feasibleSpaceSchema,
});
export type ParameterSpec = z.infer<typeof parameterSpecSchema>;

export const OBJECTIVE_TYPES = ['minimize', 'maximize'] as const;
export type ObjectiveType = (typeof OBJECTIVE_TYPES)[number];

export const METRIC_STRATEGIES = ['min', 'max', 'latest'] as const;
export type MetricStrategyType = (typeof METRIC_STRATEGIES)[number];

export const metricStrategySchema = z.strictObject({
  name,
  value: z.enum(METRIC_STRATEGIES).describe("Which of the metric's reported values stands for the Trial."),
});
export type MetricStrategy = z.infer<typeof metricStrategySchema>;

export const objectiveSchema = z.strictObject({
  type: z.enum(OBJECTIVE_TYPES),
  goal: z.number().describe('The experiment succeeds as soon as a trial is at least this good.').optional(),
  objectiveMetricName: name.describe('The metric that the search improves.'),
  additionalMetricNames: z
    .array(name)
    .max(100)
    .describe('Metrics that are collected beside the objective.')
    .optional(),
  metricStrategies: z.array(metricStrategySchema).max(101).optional(),
});
export type Objective = z.infer<typeof objectiveSchema>;

export const settingSchema = z.strictObject({ name: z.string(), value: z.string() });
export type AlgorithmSetting = z.infer<typeof settingSchema>;

export const algorithmSchema = z.strictObject({
  algorithmName: z.string(),
  algorithmSettings: z.array(settingSchema).optional(),
});
export type AlgorithmSpec = z.infer<typeof algorithmSchema>;

/** An object whose fields are none of our business: a manifest of another kind. */
const anyObjectSchema = z.record(z.string(), z.unknown());

/** The manifest of a job, of any kind. */
const manifestSchema = z.looseObject({ apiVersion: z.string().optional(), kind: z.string().optional() });

export const trialParameterSchema = z.strictObject({
  name: name.describe('What ${trialParameters.<name>} in the template refers to.'),
  description: z.string().optional(),
  reference: z
    .string()
    .max(2 * NAME_LENGTH)
    .describe("A search parameter's name, or trial metadata such as ${trialSpec.Name}."),
});
export type TrialParameter = z.infer<typeof trialParameterSchema>;

const conditionText = z
  .string()
  .describe('GJSON expression over the job; it holds when it yields an object or a non-empty array.');

export const trialTemplateSchema = z.strictObject({
  retain: z.boolean().describe("Keep the finished trial's job and pods.").optional(),
  trialSpec: manifestSchema
    .describe('Manifest of the job, with ${trialParameters.<name>} where values go.')
    .optional(),
  configMap: z
    .strictObject({
      configMapName: z.string(),
      configMapNamespace: z.string(),
      templatePath: z.string(),
    })
    .describe('Where the manifest of the job stands as text, instead of trialSpec.')
    .optional(),
  trialParameters: z.array(trialParameterSchema).max(1000).optional(),
  primaryPodLabels: z
    .record(z.string(), z.string())
    .describe('Labels of the pods whose logs carry the metrics.')
    .optional(),
  primaryContainerName: z.string().describe('The container that trains.').optional(),
  successCondition: conditionText.optional(),
  failureCondition: conditionText.optional(),
});
export type TrialTemplate = z.infer<typeof trialTemplateSchema>;

export const COLLECTOR_KINDS = [
  'StdOut',
  'File',
  'TensorFlowEvent',
  'PrometheusMetric',
  'Custom',
  'Push',
  'None',
] as const;
export type CollectorKind = (typeof COLLECTOR_KINDS)[number];

export const metricsCollectorSchema = z.strictObject({
  collector: z
    .strictObject({ kind: z.enum(COLLECTOR_KINDS).optional(), customCollector: anyObjectSchema.optional() })
    .optional(),
  source: z
    .strictObject({
      fileSystemPath: z
        .strictObject({
          path: z.string().optional(),
          kind: z.enum(['File', 'Directory']).optional(),
          format: z.enum(['TEXT', 'JSON']).optional(),
        })
        .optional(),
      httpGet: z
        .strictObject({
          path: z.string().optional(),
          port: z.union([z.int32(), z.string()]).optional(),
          host: z.string().optional(),
          scheme: z.string().optional(),
          httpHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
        })
        .optional(),
      filter: z.strictObject({ metricsFormat: z.array(z.string()).optional() }).optional(),
    })
    .optional(),
});
export type MetricsCollectorSpec = z.infer<typeof metricsCollectorSchema>;

const operationSchema = z.strictObject({
  operationType: z.string(),
  parameters: z.array(parameterSpecSchema).optional(),
});

export const nasConfigSchema = z.strictObject({
  graphConfig: z
    .strictObject({
      numLayers: z.int32().optional(),
      inputSizes: z.array(z.int32()).optional(),
      outputSizes: z.array(z.int32()).optional(),
    })
    .optional(),
  operations: z.array(operationSchema).optional(),
});
export type NasConfig = z.infer<typeof nasConfigSchema>;

export const RESUME_POLICIES = ['Never', 'LongRunning', 'FromVolume'] as const;
export type ResumePolicy = (typeof RESUME_POLICIES)[number];

/**
 * What the user wants of the experiment now. Ours, not Katib's; `Running` where absent. `Paused` and `Stopped` let
 * running trials finish, `Cancelled` kills them. Stopped and cancelled experiments end; set to `Running` they go on.
 */
export const DESIRED_STATES = ['Running', 'Paused', 'Stopped', 'Cancelled'] as const;
export type DesiredState = (typeof DESIRED_STATES)[number];

export const initialTrialSchema = z.strictObject({
  parameterAssignments: z.array(z.strictObject({ name, value: z.string() })).max(1000),
});
/** Values that a trial takes before the algorithm is asked: one for each parameter. */
export type InitialTrial = z.infer<typeof initialTrialSchema>;

export const experimentSpecSchema = z.strictObject({
  parameters: z.array(parameterSpecSchema).max(1000).describe('The search space.').optional(),
  initialTrials: z
    .array(initialTrialSchema)
    .max(1000)
    .describe(
      'What the first trials try, before the algorithm is asked. It learns from them as from its own.',
    )
    .optional(),
  objective: objectiveSchema,
  algorithm: algorithmSchema.optional(),
  seed: z
    .int32()
    .min(0)
    .describe(
      'Of the random numbers of the search: equal seeds give equal searches. The uid of the experiment where absent.',
    )
    .optional(),
  earlyStopping: algorithmSchema.optional(),
  trialTemplate: trialTemplateSchema,
  parallelTrialCount: z.int32().describe('Trials that run at the same time; 3 where absent.').optional(),
  maxTrialCount: z.int32().describe('Trials in all; absent means no limit.').optional(),
  maxFailedTrialCount: z
    .int32()
    .describe(
      'The experiment fails when this many trials have failed; absent means never, 0 on the first failure.',
    )
    .optional(),
  metricsCollectorSpec: metricsCollectorSchema.optional(),
  nasConfig: nasConfigSchema.optional(),
  resumePolicy: z.enum(RESUME_POLICIES).optional(),
  desiredState: z
    .enum(DESIRED_STATES)
    .describe(
      'Running where absent. Paused: no trial starts, those that run finish. Stopped: the same, then the experiment ends. Cancelled: running trials are killed and the experiment ends.',
    )
    .optional(),
});
export type ExperimentSpec = z.infer<typeof experimentSpecSchema>;

export const assignmentSchema = z.strictObject({ name: z.string(), value: z.string() });
/** One parameter's value for one trial, as text. */
export type ParameterAssignment = z.infer<typeof assignmentSchema>;

export const metricSchema = z.strictObject({
  name: z.string(),
  /** Numbers as text; `unavailable` where the metric was never seen. */
  min: z.string(),
  max: z.string(),
  latest: z.string(),
});
export type Metric = z.infer<typeof metricSchema>;

export const observationSummarySchema = z.strictObject({ metrics: z.array(metricSchema).optional() });
/** What a trial's metrics came to: `status.observation`. */
export type ObservationSummary = z.infer<typeof observationSummarySchema>;

export const optimalTrialSchema = z.strictObject({
  bestTrialName: z.string().optional(),
  parameterAssignments: z.array(assignmentSchema).optional(),
  observation: observationSummarySchema.optional(),
});
export type OptimalTrial = z.infer<typeof optimalTrialSchema>;

const time = z.string().nullable().optional();
const nameList = z.array(z.string()).optional();
const count = z.int32().optional();

export const experimentStatusSchema = z.strictObject({
  startTime: time,
  completionTime: time,
  lastReconcileTime: time,
  conditions: z.array(conditionSchema).optional(),
  currentOptimalTrial: optimalTrialSchema.optional(),
  /** The name lists hold the newest names only (see controller/): the counts are exact, the lists bounded. */
  runningTrialList: nameList,
  pendingTrialList: nameList,
  failedTrialList: nameList,
  succeededTrialList: nameList,
  killedTrialList: nameList,
  earlyStoppedTrialList: nameList,
  metricsUnavailableTrialList: nameList,
  trials: count,
  trialsSucceeded: count,
  trialsFailed: count,
  trialsKilled: count,
  trialsPending: count,
  trialsRunning: count,
  trialsEarlyStopped: count,
  trialMetricsUnavailable: count,
});
export type ExperimentStatus = z.infer<typeof experimentStatusSchema>;

export const experimentSchema = z.strictObject({
  apiVersion: z.literal(KUBEFLOW_V1BETA1),
  kind: z.literal('Experiment'),
  metadata: objectMetaSchema,
  spec: experimentSpecSchema,
  status: experimentStatusSchema.optional(),
});
export type Experiment = z.infer<typeof experimentSchema>;
export type StoredExperiment = Stored<Experiment>;

/** What the experiment's owner wants of it. */
export function desiredState({ desiredState: written }: Pick<ExperimentSpec, 'desiredState'>): DesiredState {
  return written ?? 'Running';
}

/** Reasons of the conditions `Succeeded` and `Failed` that decide what may follow. The first is Katib's, the others ours. */
export const EXPERIMENT_REASON = {
  maxTrialsReached: 'ExperimentMaxTrialsReached',
  stopped: 'ExperimentStopped',
  cancelled: 'ExperimentCancelled',
  trialsFailAlike: 'ExperimentTrialsFailAlike',
} as const;

/** Condition types of an Experiment. */
export const EXPERIMENT_CONDITION = {
  created: 'Created',
  running: 'Running',
  restarting: 'Restarting',
  /** Ours, not Katib's: no trial starts because `spec.desiredState` says so. */
  paused: 'Paused',
  /** Ours, not Katib's: no trial starts because the disk under the service is full. Goes away when there is room. */
  diskPressure: 'DiskPressure',
  succeeded: 'Succeeded',
  failed: 'Failed',
} as const;
