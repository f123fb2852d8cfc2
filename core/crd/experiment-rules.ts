import type { ExperimentSpec } from '../experiment.ts';

/** A rule in CEL that the API server checks on every write. */
export interface ValidationRule {
  rule: string;
  message: string;
  fieldPath?: string;
}

const NUMBER = String.raw`^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$`;
const IS_RANGE = "self.parameterType in ['double', 'int']";
const SPACE = 'self.feasibleSpace';

function parameterRules(): ValidationRule[] {
  const bothGiven = `has(${SPACE}.min) && has(${SPACE}.max)`;
  const bothNumbers = `${SPACE}.min.matches('${NUMBER}') && ${SPACE}.max.matches('${NUMBER}')`;
  return [
    { rule: "self.name != ''", message: 'name must not be empty.' },
    {
      rule: `!(${IS_RANGE}) || (${bothGiven} && !has(${SPACE}.list))`,
      message: 'A parameter of type double or int has min and max, and no list.',
    },
    {
      rule: `(${IS_RANGE}) || (has(${SPACE}.list) && size(${SPACE}.list) > 0 && !has(${SPACE}.min) && !has(${SPACE}.max) && !has(${SPACE}.step))`,
      message: 'A parameter of type discrete or categorical has a list, and no min, max or step.',
    },
    {
      rule: `!(${IS_RANGE}) || !(${bothGiven}) || (${bothNumbers})`,
      message: 'min and max must be numbers, as text.',
    },
    {
      rule: `!(${IS_RANGE}) || !(${bothGiven}) || !(${bothNumbers}) || double(${SPACE}.min) < double(${SPACE}.max) || (self.parameterType == 'int' && double(${SPACE}.min) == double(${SPACE}.max))`,
      message: 'min must be below max (for an int, it may be equal).',
    },
    {
      rule: `!(${IS_RANGE}) || !has(${SPACE}.step) || (${SPACE}.step.matches('${NUMBER}') && double(${SPACE}.step) > 0.0)`,
      message: 'step must be a positive number, as text.',
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
      rule: "has(self.algorithm) && self.algorithm.algorithmName != ''",
      message: 'algorithm.algorithmName is required.',
    },
  ];
}

function countRules(): ValidationRule[] {
  const atLeast = (field: string, least: number): ValidationRule => ({
    rule: `!has(self.${field}) || self.${field} >= ${least}`,
    message: `${field} must be at least ${least}.`,
  });
  return [
    atLeast('parallelTrialCount', 1),
    atLeast('maxTrialCount', 1),
    atLeast('maxFailedTrialCount', 0),
    {
      rule: '!has(self.parallelTrialCount) || !has(self.maxTrialCount) || self.parallelTrialCount <= self.maxTrialCount',
      message: 'parallelTrialCount must not be more than maxTrialCount.',
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
    })),
    ...OPTIONAL_IMMUTABLE.map((field) => ({
      rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
      message: message(field),
    })),
    {
      rule: "(has(self.resumePolicy) ? self.resumePolicy : 'Never') == (has(oldSelf.resumePolicy) ? oldSelf.resumePolicy : 'Never')",
      message: message('resumePolicy'),
    },
  ];
}

/** Rules by the place of the object that they are about; `[]` steps into a list. */
export const EXPERIMENT_RULES: Readonly<Record<string, readonly ValidationRule[]>> = {
  'spec.parameters[]': parameterRules(),
  'spec.objective': [
    {
      rule: '!has(self.additionalMetricNames) || !(self.objectiveMetricName in self.additionalMetricNames)',
      message: 'additionalMetricNames must not contain the objective metric.',
      fieldPath: '.additionalMetricNames',
    },
    { rule: "self.objectiveMetricName != ''", message: 'objectiveMetricName must not be empty.' },
  ],
  'spec.trialTemplate': [
    {
      rule: 'has(self.trialSpec) != has(self.configMap)',
      message: 'Write exactly one of trialSpec and configMap.',
    },
    {
      rule: "has(self.primaryContainerName) && self.primaryContainerName != ''",
      message: 'primaryContainerName is required.',
    },
  ],
  spec: [...specRules(), ...countRules(), ...immutableRules()],
};
