import type { ExperimentSpec } from '../experiment.ts';
import { MAX_NAME_LENGTH } from '../validation/metadata.ts';

/** A rule in CEL that the API server checks on every write. */
export interface ValidationRule {
  rule: string;
  message: string;
  fieldPath?: string;
}

const NUMBER = String.raw`^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$`;
const SPACE = 'self.feasibleSpace';
const IS_RANGE = "self.parameterType in ['double', 'int']";
const IS_LOGARITHMIC = `has(${SPACE}.distribution) && ${SPACE}.distribution in ['logUniform', 'logNormal']`;

function parameterRules(): ValidationRule[] {
  const bothGiven = `has(${SPACE}.min) && has(${SPACE}.max)`;
  const bothNumbers = `${SPACE}.min.matches('${NUMBER}') && ${SPACE}.max.matches('${NUMBER}')`;
  const isReadable = `${IS_RANGE} && ${bothGiven} && ${bothNumbers}`;
  const stepIsNumber = `has(${SPACE}.step) && ${SPACE}.step.matches('${NUMBER}')`;
  return [
    { rule: "self.name != ''", message: 'name must not be empty.' },
    {
      rule: `!(${IS_RANGE}) || (${bothGiven} && !has(${SPACE}.list))`,
      message: 'A parameter of type double or int has min and max, and no list.',
      fieldPath: '.feasibleSpace',
    },
    {
      rule: `(${IS_RANGE}) || (has(${SPACE}.list) && size(${SPACE}.list) > 0 && !has(${SPACE}.min) && !has(${SPACE}.max) && !has(${SPACE}.step))`,
      message: 'A parameter of type discrete or categorical has a list, and no min, max or step.',
      fieldPath: '.feasibleSpace',
    },
    {
      rule: `!(${IS_RANGE}) || !(${bothGiven}) || (${bothNumbers})`,
      message: 'min and max must be numbers, as text.',
      fieldPath: '.feasibleSpace',
    },
    {
      rule: `!(${isReadable}) || double(${SPACE}.min) < double(${SPACE}.max) || (self.parameterType == 'int' && double(${SPACE}.min) == double(${SPACE}.max))`,
      message: 'min must be below max (for an int, it may be equal).',
      fieldPath: '.feasibleSpace.min',
    },
    {
      rule: `!(${IS_RANGE}) || !has(${SPACE}.step) || (${SPACE}.step.matches('${NUMBER}') && double(${SPACE}.step) > 0.0)`,
      message: 'step must be a positive number, as text.',
      fieldPath: '.feasibleSpace.step',
    },
    {
      // The tolerance of numeric-parameter.ts: 0.3 - 0.1 is below 0.2.
      rule: `!(${isReadable} && ${stepIsNumber}) || double(${SPACE}.min) >= double(${SPACE}.max) || double(${SPACE}.step) <= (double(${SPACE}.max) - double(${SPACE}.min)) * 1.000000001`,
      message: 'step must not be larger than the range from min to max.',
      fieldPath: '.feasibleSpace.step',
    },
    {
      rule: `!(${isReadable} && ${IS_LOGARITHMIC}) || double(${SPACE}.min) > 0.0`,
      message: 'min must be above zero where the distribution is logUniform or logNormal.',
      fieldPath: '.feasibleSpace.min',
    },
    {
      rule: `!(${isReadable} && self.parameterType == 'int') || [${SPACE}.min, ${SPACE}.max].all(n, double(n) > -9.1e15 && double(n) < 9.1e15 && double(int(double(n))) == double(n))`,
      message: 'min and max of a parameter of type int must be whole numbers.',
      fieldPath: '.feasibleSpace',
    },
    {
      rule: `(${IS_RANGE}) || !has(${SPACE}.distribution) || ${SPACE}.distribution == 'uniform'`,
      message: 'A distribution needs a range, and a parameter of type discrete or categorical has a list.',
      fieldPath: '.feasibleSpace.distribution',
    },
  ];
}

function specRules(): ValidationRule[] {
  return [
    {
      rule: '(has(self.parameters) && size(self.parameters) > 0) != has(self.nasConfig)',
      message: 'Write exactly one of parameters and nasConfig.',
    },
    {
      rule: "!has(self.algorithm) || self.algorithm.algorithmName != ''",
      message: 'algorithm.algorithmName must not be empty.',
    },
  ];
}

function countRules(): ValidationRule[] {
  const atLeast = (field: string, least: number): ValidationRule => ({
    rule: `!has(self.${field}) || self.${field} >= ${least}`,
    message: `${field} must be at least ${least}.`,
    fieldPath: `.${field}`,
  });
  return [
    atLeast('parallelTrialCount', 1),
    atLeast('maxTrialCount', 1),
    atLeast('maxFailedTrialCount', 0),
    {
      rule: '!has(self.parallelTrialCount) || !has(self.maxTrialCount) || self.parallelTrialCount <= self.maxTrialCount',
      message: 'parallelTrialCount must not be more than maxTrialCount.',
      fieldPath: '.parallelTrialCount',
    },
  ];
}

/**
 * Everything but the three counts; trialSpec is compared as a whole, although its fields have no schema.
 */
const REQUIRED_IMMUTABLE = ['objective', 'trialTemplate'] as const satisfies (keyof ExperimentSpec)[];
const OPTIONAL_IMMUTABLE = [
  'parameters',
  'algorithm',
  'seed',
  'earlyStopping',
  'metricsCollectorSpec',
  'nasConfig',
] as const satisfies (keyof ExperimentSpec)[];

function immutableRules(): ValidationRule[] {
  const message = (field: string): string =>
    `${field} cannot be changed: only parallelTrialCount, maxTrialCount and maxFailedTrialCount can.`;
  return [
    ...REQUIRED_IMMUTABLE.map((field) => ({
      rule: `self.${field} == oldSelf.${field}`,
      message: message(field),
      fieldPath: `.${field}`,
    })),
    ...OPTIONAL_IMMUTABLE.map((field) => ({
      rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
      message: message(field),
      fieldPath: `.${field}`,
    })),
    {
      rule: "(has(self.resumePolicy) ? self.resumePolicy : 'Never') == (has(oldSelf.resumePolicy) ? oldSelf.resumePolicy : 'Never')",
      message: message('resumePolicy'),
      fieldPath: '.resumePolicy',
    },
  ];
}

function nameRules(): ValidationRule[] {
  return [
    {
      rule: `size(self.metadata.name) <= ${MAX_NAME_LENGTH}`,
      message: `metadata.name must have at most ${MAX_NAME_LENGTH} characters: the names of trials and pods are longer.`,
    },
    {
      rule: "self.metadata.name.matches('^[a-z][-a-z0-9]*$')",
      message: 'metadata.name must begin with a letter and have small letters, digits and hyphens only.',
    },
  ];
}

/** What both the old and the new object are needed for, the status included. */
function growthRules(): ValidationRule[] {
  const limit = 'self.spec.maxTrialCount';
  const isChanged = `(!has(oldSelf.spec.maxTrialCount) || oldSelf.spec.maxTrialCount != ${limit})`;
  const hasTrials = 'has(oldSelf.status) && has(oldSelf.status.trials)';
  return [
    {
      rule: `!has(${limit}) || !${isChanged} || !(${hasTrials}) || ${limit} > oldSelf.status.trials`,
      message: 'maxTrialCount must be more than the number of trials that exist.',
      fieldPath: '.spec.maxTrialCount',
    },
  ];
}

function collectorRules(): ValidationRule[] {
  const isKind = (...kinds: string[]): string =>
    `has(self.collector) && has(self.collector.kind) && self.collector.kind in [${kinds.map((kind) => `'${kind}'`).join(', ')}]`;
  const file = 'self.source.fileSystemPath';
  const hasFile = `has(self.source) && has(${file})`;
  const fileIs = (kind: string): string => `!(${hasFile}) || !has(${file}.kind) || ${file}.kind == '${kind}'`;
  const filters = 'self.source.filter.metricsFormat';
  return [
    {
      rule: `!(${isKind('Custom')}) || has(self.collector.customCollector)`,
      message: 'A collector of kind Custom needs customCollector, a container with name and image.',
    },
    {
      rule: `!(${hasFile}) || !has(${file}.path) || ${file}.path.startsWith('/')`,
      message: 'source.fileSystemPath.path must be absolute.',
    },
    { rule: `!(${isKind('File')}) || ${fileIs('File')}`, message: 'A collector of kind File reads a File.' },
    {
      rule: `!(${isKind('TensorFlowEvent')}) || ${fileIs('Directory')}`,
      message: 'A collector of kind TensorFlowEvent reads a Directory.',
    },
    {
      rule: `!(${isKind('File')}) || !(${hasFile}) || !has(${file}.format) || ${file}.format != 'JSON' || !has(self.source.filter) || !has(${filters}) || size(${filters}) == 0`,
      message: 'The format JSON has no use for a filter.',
    },
  ];
}

function templateRules(): ValidationRule[] {
  return [
    {
      rule: 'has(self.trialSpec) != has(self.configMap)',
      message: 'Write exactly one of trialSpec and configMap.',
    },
    {
      rule: "has(self.primaryContainerName) && self.primaryContainerName != ''",
      message: 'primaryContainerName is required.',
    },
    {
      rule: '!has(self.configMap) || (has(self.successCondition) && has(self.failureCondition))',
      message: 'A template from a ConfigMap needs successCondition and failureCondition.',
    },
  ];
}

/** Rules by the place of the object that they are about; `[]` steps into a list, the empty place is the object. */
export const EXPERIMENT_RULES: Readonly<Record<string, readonly ValidationRule[]>> = {
  '': [...nameRules(), ...growthRules()],
  'spec.parameters[]': parameterRules(),
  'spec.objective': [
    {
      rule: '!has(self.additionalMetricNames) || !(self.objectiveMetricName in self.additionalMetricNames)',
      message: 'additionalMetricNames must not contain the objective metric.',
      fieldPath: '.additionalMetricNames',
    },
    {
      rule: "self.objectiveMetricName != ''",
      message: 'objectiveMetricName must not be empty.',
      fieldPath: '.objectiveMetricName',
    },
    {
      rule: '!has(self.metricStrategies) || self.metricStrategies.all(s, s.name == self.objectiveMetricName || (has(self.additionalMetricNames) && s.name in self.additionalMetricNames))',
      message: 'metricStrategies must be for the objective or for additionalMetricNames.',
      fieldPath: '.metricStrategies',
    },
  ],
  'spec.earlyStopping': [{ rule: "self.algorithmName != ''", message: 'algorithmName must not be empty.' }],
  'spec.metricsCollectorSpec': collectorRules(),
  'spec.trialTemplate': templateRules(),
  'spec.trialTemplate.trialSpec': [
    {
      rule: "has(self.apiVersion) && self.apiVersion != '' && has(self.kind) && self.kind != ''",
      message: 'The template needs apiVersion and kind, for example batch/v1 and Job.',
    },
  ],
  'spec.trialTemplate.trialParameters[]': [
    {
      rule: "self.name.matches('^[^{}]+$')",
      message: 'name must not be empty, and must have no braces.',
    },
    { rule: "self.reference != ''", message: 'reference must not be empty.' },
  ],
  spec: [...specRules(), ...countRules(), ...immutableRules()],
};
