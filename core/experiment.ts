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

export const feasibleSpaceSchema = z.strictObject({
  min: z.string().optional(),
  max: z.string().optional(),
  step: z.string().optional(),
  list: z.array(z.string()).optional(),
  distribution: z.enum(DISTRIBUTIONS).optional(),
});
export type FeasibleSpace = z.infer<typeof feasibleSpaceSchema>;

export const parameterSpecSchema = z.strictObject({
  name: z.string(),
  parameterType: z.enum(PARAMETER_TYPES),
  feasibleSpace: feasibleSpaceSchema,
});
export type ParameterSpec = z.infer<typeof parameterSpecSchema>;

export const OBJECTIVE_TYPES = ['minimize', 'maximize'] as const;
export type ObjectiveType = (typeof OBJECTIVE_TYPES)[number];

export const METRIC_STRATEGIES = ['min', 'max', 'latest'] as const;
export type MetricStrategyType = (typeof METRIC_STRATEGIES)[number];

export const metricStrategySchema = z.strictObject({
  name: z.string(),
  /** Which of a metric's reported values stands for the Trial. */
  value: z.enum(METRIC_STRATEGIES),
});
export type MetricStrategy = z.infer<typeof metricStrategySchema>;

export const objectiveSchema = z.strictObject({
  type: z.enum(OBJECTIVE_TYPES),
  /** The experiment succeeds as soon as a trial is at least this good. */
  goal: z.number().optional(),
  objectiveMetricName: z.string(),
  additionalMetricNames: z.array(z.string()).optional(),
  metricStrategies: z.array(metricStrategySchema).optional(),
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

export const trialParameterSchema = z.strictObject({
  /** What `${trialParameters.<name>}` in the template refers to. */
  name: z.string(),
  description: z.string().optional(),
  /** A search parameter's name, or trial metadata such as `${trialSpec.Name}`. */
  reference: z.string(),
});
export type TrialParameter = z.infer<typeof trialParameterSchema>;

export const trialTemplateSchema = z.strictObject({
  /** Keep the finished trial's job and pods. */
  retain: z.boolean().optional(),
  trialSpec: anyObjectSchema.optional(),
  configMap: z
    .strictObject({
      configMapName: z.string(),
      configMapNamespace: z.string(),
      templatePath: z.string(),
    })
    .optional(),
  trialParameters: z.array(trialParameterSchema).optional(),
  /** Labels of the pods whose logs carry the metrics. */
  primaryPodLabels: z.record(z.string(), z.string()).optional(),
  primaryContainerName: z.string().optional(),
  /** GJSON expressions over the job: they hold when they yield an object or a non-empty array. */
  successCondition: z.string().optional(),
  failureCondition: z.string().optional(),
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
          port: z.union([z.number().int(), z.string()]).optional(),
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
      numLayers: z.number().int().optional(),
      inputSizes: z.array(z.number().int()).optional(),
      outputSizes: z.array(z.number().int()).optional(),
    })
    .optional(),
  operations: z.array(operationSchema).optional(),
});
export type NasConfig = z.infer<typeof nasConfigSchema>;

export const RESUME_POLICIES = ['Never', 'LongRunning', 'FromVolume'] as const;
export type ResumePolicy = (typeof RESUME_POLICIES)[number];

export const experimentSpecSchema = z.strictObject({
  parameters: z.array(parameterSpecSchema).optional(),
  objective: objectiveSchema,
  algorithm: algorithmSchema.optional(),
  earlyStopping: algorithmSchema.optional(),
  trialTemplate: trialTemplateSchema,
  /** Trials that run at the same time; 3 where absent. */
  parallelTrialCount: z.number().int().optional(),
  /** Trials in all; absent means no limit. */
  maxTrialCount: z.number().int().optional(),
  /** The experiment fails when this many trials have failed; absent means never. 0 means on the first failure. */
  maxFailedTrialCount: z.number().int().optional(),
  metricsCollectorSpec: metricsCollectorSchema.optional(),
  nasConfig: nasConfigSchema.optional(),
  resumePolicy: z.enum(RESUME_POLICIES).optional(),
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
const count = z.number().int().optional();

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

/** Condition types of an Experiment. */
export const EXPERIMENT_CONDITION = {
  created: 'Created',
  running: 'Running',
  restarting: 'Restarting',
  succeeded: 'Succeeded',
  failed: 'Failed',
} as const;
