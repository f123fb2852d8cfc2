import { describe, expect, it } from 'vitest';
import { describeIssue, formatPath, type SpecIssue } from '../../../core/errors.ts';
import { specIssue } from '../../../core/validation/issue.ts';
import { validateExperiment } from '../../../core/validation/validate-experiment.ts';
import { type Changes, experimentDocument, lenientCatalog } from '../../support/experiment-document.ts';

function issuesOf(changes: Changes): SpecIssue[] {
  return validateExperiment(experimentDocument(changes), lenientCatalog).issues;
}

function codesAndPaths(changes: Changes): string[] {
  return issuesOf(changes).map(({ code, path }) => `${code} ${formatPath(path)}`);
}

const NAS = { graphConfig: { numLayers: 1, inputSizes: [32, 32, 3], outputSizes: [10] }, operations: [] };

describe('an experiment that is valid', () => {
  it.each<[string, Changes]>([
    ['as it stands', {}],
    [
      'with an empty status and a null time, as kubectl writes them',
      { status: {}, 'metadata.creationTimestamp': null },
    ],
    [
      'with null where a field is left empty',
      { 'spec.earlyStopping': null, 'spec.algorithm.algorithmSettings': null },
    ],
    ['with a generated name', { 'metadata.name': undefined, 'metadata.generateName': 'digits-' }],
    ['with a name of 40 characters', { 'metadata.name': 'a'.repeat(40) }],
    [
      'without counts',
      {
        'spec.parallelTrialCount': undefined,
        'spec.maxTrialCount': undefined,
        'spec.maxFailedTrialCount': undefined,
      },
    ],
    ['with more failures allowed than there are trials', { 'spec.maxFailedTrialCount': 99 }],
    ['with no failure allowed', { 'spec.maxFailedTrialCount': 0 }],
    ['without a goal', { 'spec.objective.goal': undefined }],
    [
      'with strategies',
      {
        'spec.objective.additionalMetricNames': ['acc'],
        'spec.objective.metricStrategies': [{ name: 'acc', value: 'latest' }],
      },
    ],
    ['with a metric name that has spaces', { 'spec.objective.objectiveMetricName': 'valid_1 auc' }],
    ['with a resume policy', { 'spec.resumePolicy': 'FromVolume' }],
  ])('%s', (_, changes) => {
    const { experiment, issues } = validateExperiment(experimentDocument(changes), lenientCatalog);
    expect(issues).toEqual([]);
    expect(experiment?.spec.trialTemplate.primaryContainerName).toBe('training');
  });

  it('comes back without its null fields, except inside foreign manifests', () => {
    const changes = { 'spec.earlyStopping': null, 'spec.trialTemplate.trialSpec.spec.suspend': null };
    const { experiment } = validateExperiment(experimentDocument(changes), lenientCatalog);
    expect(experiment?.spec).not.toHaveProperty('earlyStopping');
    expect(experiment?.spec.trialTemplate.trialSpec).toHaveProperty('spec.suspend', null);
  });
});

describe('an experiment is refused', () => {
  it.each<[string, Changes, string[]]>([
    ['for another version', { apiVersion: 'kubeflow.org/v1alpha3' }, ['SPEC_VALUE_NOT_ALLOWED apiVersion']],
    ['without metadata', { metadata: undefined }, ['SPEC_REQUIRED metadata']],
    ['without a name', { 'metadata.name': undefined }, ['SPEC_REQUIRED metadata.name']],
    [
      'for a name that begins with a digit',
      { 'metadata.name': '9digits' },
      ['SPEC_NAME_INVALID metadata.name'],
    ],
    ['for a name with a capital letter', { 'metadata.name': 'Digits' }, ['SPEC_NAME_INVALID metadata.name']],
    [
      'for a name that ends with a hyphen',
      { 'metadata.name': 'digits-' },
      ['SPEC_NAME_INVALID metadata.name'],
    ],
    ['for a name of 41 characters', { 'metadata.name': 'a'.repeat(41) }, ['SPEC_NAME_INVALID metadata.name']],
    ['without a spec', { spec: undefined }, ['SPEC_REQUIRED spec']],
    ['for a misspelt field', { 'spec.paralelTrialCount': 3 }, ['SPEC_UNKNOWN_FIELD spec.paralelTrialCount']],
    [
      'for a misspelt field inside a list',
      { 'spec.parameters.0.type': 'double' },
      ['SPEC_UNKNOWN_FIELD spec.parameters[0].type'],
    ],
    [
      'for parallelTrialCount 0',
      { 'spec.parallelTrialCount': 0 },
      ['SPEC_COUNT_INVALID spec.parallelTrialCount'],
    ],
    ['for maxTrialCount 0', { 'spec.maxTrialCount': 0 }, ['SPEC_COUNT_INVALID spec.maxTrialCount']],
    [
      'for maxFailedTrialCount -1',
      { 'spec.maxFailedTrialCount': -1 },
      ['SPEC_COUNT_INVALID spec.maxFailedTrialCount'],
    ],
    [
      'for more parallel trials than trials',
      { 'spec.parallelTrialCount': 13 },
      ['SPEC_COUNT_INVALID spec.parallelTrialCount'],
    ],
    ['for half a trial', { 'spec.maxTrialCount': 1.5 }, ['SPEC_WRONG_TYPE spec.maxTrialCount']],
    ['for a count in quotes', { 'spec.maxTrialCount': '12' }, ['SPEC_WRONG_TYPE spec.maxTrialCount']],
    ['for a count beyond 32 bits', { 'spec.maxTrialCount': 3e9 }, ['SPEC_TOO_LONG spec.maxTrialCount']],
    [
      'for a goal that is infinite',
      { 'spec.objective.goal': Infinity },
      ['SPEC_WRONG_TYPE spec.objective.goal'],
    ],
    [
      'for a goal that is no number',
      { 'spec.objective.goal': Number.NaN },
      ['SPEC_WRONG_TYPE spec.objective.goal'],
    ],
    ['without an objective', { 'spec.objective': undefined }, ['SPEC_REQUIRED spec.objective']],
    [
      'without an objective type',
      { 'spec.objective.type': undefined },
      ['SPEC_REQUIRED spec.objective.type'],
    ],
    [
      'for an unknown objective type',
      { 'spec.objective.type': 'unknown' },
      ['SPEC_VALUE_NOT_ALLOWED spec.objective.type'],
    ],
    [
      'without an objective metric',
      { 'spec.objective.objectiveMetricName': undefined },
      ['SPEC_REQUIRED spec.objective.objectiveMetricName'],
    ],
    [
      'for an empty objective metric',
      { 'spec.objective.objectiveMetricName': '' },
      ['SPEC_METRIC_NAME_INVALID spec.objective.objectiveMetricName'],
    ],
    [
      'for a metric with a semicolon',
      { 'spec.objective.objectiveMetricName': 'a;b' },
      ['SPEC_METRIC_NAME_INVALID spec.objective.objectiveMetricName'],
    ],
    [
      'for the objective among the additional metrics',
      { 'spec.objective.additionalMetricNames': ['loss'] },
      ['SPEC_METRIC_DUPLICATE spec.objective.additionalMetricNames[0]'],
    ],
    [
      'for an additional metric twice',
      { 'spec.objective.additionalMetricNames': ['acc', 'acc'] },
      ['SPEC_METRIC_DUPLICATE spec.objective.additionalMetricNames[1]'],
    ],
    [
      'for a strategy of an unknown metric',
      { 'spec.objective.metricStrategies': [{ name: 'los', value: 'min' }] },
      ['SPEC_METRIC_UNKNOWN spec.objective.metricStrategies[0].name'],
    ],
    [
      'for an unknown strategy',
      { 'spec.objective.metricStrategies': [{ name: 'loss', value: 'mean' }] },
      ['SPEC_VALUE_NOT_ALLOWED spec.objective.metricStrategies[0].value'],
    ],
    [
      'for two strategies of one metric',
      {
        'spec.objective.metricStrategies': [
          { name: 'loss', value: 'min' },
          { name: 'loss', value: 'max' },
        ],
      },
      ['SPEC_METRIC_DUPLICATE spec.objective.metricStrategies[1].name'],
    ],
    [
      'for an empty algorithm name',
      { 'spec.algorithm.algorithmName': '' },
      ['SPEC_REQUIRED spec.algorithm.algorithmName'],
    ],
    [
      'for an unknown algorithm',
      { 'spec.algorithm.algorithmName': 'randon' },
      ['SPEC_ALGORITHM_UNKNOWN spec.algorithm.algorithmName'],
    ],
    [
      'for a setting given twice',
      {
        'spec.algorithm.algorithmSettings': [
          { name: 'a', value: '1' },
          { name: 'a', value: '2' },
        ],
      },
      ['SPEC_SETTING_DUPLICATE spec.algorithm.algorithmSettings[1].name'],
    ],
    [
      'for a setting that is no text',
      { 'spec.algorithm.algorithmSettings': [{ name: 'a', value: 1 }] },
      ['SPEC_NOT_QUOTED spec.algorithm.algorithmSettings[0].value'],
    ],
    [
      'for an unknown early stopper',
      { 'spec.earlyStopping': { algorithmName: 'medianstopp' } },
      ['SPEC_EARLY_STOPPER_UNKNOWN spec.earlyStopping.algorithmName'],
    ],
    [
      'for an early stopper where nothing is collected',
      {
        'spec.earlyStopping': { algorithmName: 'medianstop' },
        'spec.metricsCollectorSpec': { collector: { kind: 'None' } },
      },
      ['SPEC_EARLY_STOPPING_NO_CURVE spec.metricsCollectorSpec.collector.kind'],
    ],
    [
      'for an unknown resume policy',
      { 'spec.resumePolicy': 'Always' },
      ['SPEC_VALUE_NOT_ALLOWED spec.resumePolicy'],
    ],
    [
      'for both parameters and nasConfig',
      { 'spec.nasConfig': NAS },
      ['SPEC_PARAMETERS_OR_NAS spec.nasConfig'],
    ],
    [
      'for nasConfig while nothing can search it',
      { 'spec.nasConfig': NAS, 'spec.parameters': undefined },
      ['SPEC_NAS_UNSUPPORTED spec.nasConfig'],
    ],
    ['without a trial template', { 'spec.trialTemplate': undefined }, ['SPEC_REQUIRED spec.trialTemplate']],
  ])('%s', (_, changes, expected) => {
    expect(codesAndPaths(changes)).toEqual(expected);
  });

  it('for no parameters at all', () => {
    const absent = { 'spec.parameters': undefined };
    expect(codesAndPaths(absent)).toEqual(['SPEC_PARAMETERS_OR_NAS spec.parameters']);
    expect(codesAndPaths({ 'spec.parameters': [] })).toContain('SPEC_PARAMETERS_OR_NAS spec.parameters');
  });

  it.each([[null], ['text'], [[1]], [undefined]])('for a document that is %j', (document) => {
    const { experiment, issues } = validateExperiment(document, lenientCatalog);
    expect(experiment).toBeNull();
    expect(issues).toHaveLength(1);
    expect(issues[0]?.path).toEqual([]);
  });
});

describe('messages', () => {
  it.each<[string, Changes, string]>([
    [
      'name the value and ask for quotes',
      { 'spec.parameters.0.feasibleSpace.min': 0.01 },
      'spec.parameters[0].feasibleSpace.min: min is the number 0.01, but text goes here. Quote it: min: "0.01".',
    ],
    [
      'suggest the near field',
      { 'spec.trialTemplate.primaryContainer': 'training' },
      'spec.trialTemplate.primaryContainer: There is no field "primaryContainer" here. Did you mean "primaryContainerName"?',
    ],
    [
      'list the values of parameterType where none is near',
      { 'spec.parameters.0.parameterType': 'unknown' },
      'spec.parameters[0].parameterType: parameterType is the text "unknown", which is not one of the values that there are. Write one of double, int, discrete, categorical.',
    ],
    [
      'suggest the near algorithm',
      { 'spec.algorithm.algorithmName': 'gird' },
      'spec.algorithm.algorithmName: No algorithm "gird" is available here. Did you mean "grid"?',
    ],
    [
      'ask to take quotes away',
      { 'spec.objective.goal': '0.1' },
      'spec.objective.goal: goal is the text "0.1", but a finite number goes here. Write it without quotes: goal: 0.1.',
    ],
    [
      'say what a list entry must be',
      { 'spec.objective.additionalMetricNames': [true] },
      'spec.objective.additionalMetricNames[0]: Entry 1 is the truth value true, but text goes here. Quote it: "true".',
    ],
    [
      'say what the collector None means for early stopping',
      {
        'spec.earlyStopping': { algorithmName: 'medianstop' },
        'spec.metricsCollectorSpec': { collector: { kind: 'None' } },
      },
      'spec.metricsCollectorSpec.collector.kind: kind is None, so that nothing is known of a trial while it runs, and earlyStopping would never stop one. Write kind: Push where the training reports its metrics itself, take another collector, or remove earlyStopping.',
    ],
    [
      'say what a missing field is for',
      { 'spec.objective.objectiveMetricName': undefined },
      'spec.objective.objectiveMetricName: objectiveMetricName is missing. Write text. The metric that the search improves.',
    ],
    [
      'say what a missing object must hold',
      { 'spec.objective': undefined },
      'spec.objective: objective is missing. Write an object with type and objectiveMetricName.',
    ],
    [
      'say what is beyond the limit',
      { 'spec.maxTrialCount': 1e10 },
      'spec.maxTrialCount: maxTrialCount is the number 10000000000, which is above the limit. The limit is 2147483647.',
    ],
    [
      'suggest the only value that begins like this',
      { 'spec.objective.type': 'max' },
      'spec.objective.type: type is the text "max", which is not one of the values that there are. Did you mean "maximize"?',
    ],
    [
      'put a decimal comma right',
      { 'spec.parameters.0.feasibleSpace.max': '0,05' },
      'spec.parameters[0].feasibleSpace.max: max is "0,05", which is not a finite number. Write a number such as max: "0.05".',
    ],
    [
      'take blanks and separators out of numbers',
      { 'spec.parameters.1.feasibleSpace.max': ' 1_000 ' },
      'spec.parameters[1].feasibleSpace.max: max is " 1_000 ", which is not a finite number. Write a number such as max: "1000".',
    ],
    [
      'tell a number that is too large from one that is not whole',
      { 'spec.parameters.1.feasibleSpace.max': '1e20' },
      'spec.parameters[1].feasibleSpace.max: max is "1e20", but a parameter of type int counts up to 2^53 only. Write a smaller number, or make the parameterType double.',
    ],
    [
      'do not ask for a step that may be left out',
      { 'spec.parameters.0.feasibleSpace.step': '' },
      'spec.parameters[0].feasibleSpace.step: step is empty: a parameter of type double has a range. Write a positive number, or remove it.',
    ],
    [
      'name a namespace that cannot be',
      { 'metadata.namespace': 'My_Team' },
      'metadata.namespace: The namespace "My_Team" is not a name that a namespace can have. Write small letters, digits and hyphens; begin and end with a letter or digit.',
    ],
    [
      'name a label that every trial would be refused for',
      { 'metadata.labels': { team: 'hot dogs' } },
      'metadata.labels.team: The label value "hot dogs" is not allowed. Write at most 63 letters, digits, ".", "_" and "-"; begin and end with a letter or digit.',
    ],
  ])('%s', (_, changes, expected) => {
    expect(issuesOf(changes).map(describeIssue)).toEqual([expected]);
  });

  it('suggest the kind of job that was meant, before they ask for conditions', () => {
    const [first] = issuesOf({ 'spec.trialTemplate.trialSpec.kind': 'job' }).map(describeIssue);
    expect(first).toContain(
      'there is no default for the kind job. Did you mean the kind Job? Otherwise: Write',
    );
  });

  it('show a scalar as its author wrote it', () => {
    const document = experimentDocument({ 'spec.parameters.0.feasibleSpace.min': 0.001 });
    const { issues } = validateExperiment(document, lenientCatalog, { sourceText: () => '1e-3' });
    expect(issues.map(({ remedy }) => remedy)).toEqual(['Quote it: min: "1e-3".']);
  });
});

describe('all errors are reported at once', () => {
  it('although some of them break the schema', () => {
    const found = codesAndPaths({
      'metadata.name': 'Digits',
      'spec.objective.type': 'minimise',
      'spec.objective.additionalMetricNames': ['loss'],
      'spec.parallelTrialCount': 'three',
      'spec.maxFailedTrialCount': -99,
      'spec.algorithm.algorithmName': 'unheard',
      'spec.parameters.0.feasibleSpace.min': 0.1,
      'spec.parameters.1.feasibleSpace.max': '0',
      'spec.trialTemplate.primaryContainerName': 'trainer',
      'spec.trialTemplate.retained': true,
    });
    expect(found).toEqual([
      'SPEC_NOT_QUOTED spec.parameters[0].feasibleSpace.min',
      'SPEC_VALUE_NOT_ALLOWED spec.objective.type',
      'SPEC_UNKNOWN_FIELD spec.trialTemplate.retained',
      'SPEC_WRONG_TYPE spec.parallelTrialCount',
      'SPEC_NAME_INVALID metadata.name',
      'SPEC_COUNT_INVALID spec.maxFailedTrialCount',
      'SPEC_METRIC_DUPLICATE spec.objective.additionalMetricNames[0]',
      'SPEC_MIN_NOT_BELOW_MAX spec.parameters[1].feasibleSpace.min',
      'SPEC_ALGORITHM_UNKNOWN spec.algorithm.algorithmName',
      'SPEC_PRIMARY_CONTAINER_MISSING spec.trialTemplate.primaryContainerName',
    ]);
  });
});

describe('a value of the wrong type does not hide what is wrong beside it', () => {
  it.each<[string, Changes, string[]]>([
    [
      'in the trial template',
      {
        'spec.trialTemplate.retain': 'yes',
        'spec.trialTemplate.primaryContainerName': 5,
        'spec.trialTemplate.trialParameters.0.reference': 'nothing',
      },
      [
        'SPEC_WRONG_TYPE spec.trialTemplate.retain',
        'SPEC_NOT_QUOTED spec.trialTemplate.primaryContainerName',
        'SPEC_REFERENCE_UNKNOWN spec.trialTemplate.trialParameters[0].reference',
        'SPEC_PARAMETER_UNUSED spec.parameters[0].name',
      ],
    ],
    [
      'in the metrics collector',
      {
        'spec.metricsCollectorSpec': {
          collector: { kind: 'File' },
          source: { fileSystemPath: { path: 'm.log', kind: 'Directory', format: 'json' } },
        },
      },
      [
        'SPEC_VALUE_NOT_ALLOWED spec.metricsCollectorSpec.source.fileSystemPath.format',
        'SPEC_PATH_NOT_ABSOLUTE spec.metricsCollectorSpec.source.fileSystemPath.path',
        'SPEC_COLLECTOR_SOURCE spec.metricsCollectorSpec.source.fileSystemPath.kind',
      ],
    ],
    [
      'in the metadata',
      { 'metadata.name': 'Digits', 'metadata.labels': { version: 2 } },
      ['SPEC_NOT_QUOTED metadata.labels.version', 'SPEC_NAME_INVALID metadata.name'],
    ],
    [
      'but a template of the wrong type is not called a missing one',
      { 'spec.trialTemplate.trialSpec': 'kind: Job' },
      ['SPEC_WRONG_TYPE spec.trialTemplate.trialSpec'],
    ],
  ])('%s', (_, changes, expected) => {
    expect(codesAndPaths(changes)).toEqual(expected);
  });
});

describe('the catalog', () => {
  const tooSmall = [
    specIssue('SPEC_SETTING_INVALID', ['algorithmSettings', 0, 'value'], 'Too small.', 'More.'),
  ];
  const pickyCatalog = { ...lenientCatalog, check: () => tooSmall };

  it('is asked about settings, and its paths are put below the algorithm', () => {
    const { issues } = validateExperiment(experimentDocument(), pickyCatalog);
    expect(issues.map(({ path }) => formatPath(path))).toEqual(['spec.algorithm.algorithmSettings[0].value']);
  });

  it('is asked about early stoppers, and its paths are put below earlyStopping', () => {
    const document = experimentDocument({ 'spec.earlyStopping': { algorithmName: 'threshold' } });
    const { issues } = validateExperiment(document, { ...lenientCatalog, checkStopper: () => tooSmall });
    expect(issues.map(({ path }) => formatPath(path))).toEqual([
      'spec.earlyStopping.algorithmSettings[0].value',
    ]);
  });

  it('is not asked about a search space that is broken', () => {
    const document = experimentDocument({ 'spec.parameters.0.feasibleSpace.min': 'a' });
    const { issues } = validateExperiment(document, pickyCatalog);
    expect(issues.map(({ code }) => code)).toEqual(['SPEC_NUMBER_INVALID']);
  });

  it('sees the default of parallelTrialCount', () => {
    const seen: number[] = [];
    const catalog = {
      ...lenientCatalog,
      check: (problem: { parallelTrials: number }) => {
        seen.push(problem.parallelTrials);
        return [];
      },
    };
    const changes = {
      'spec.parallelTrialCount': undefined,
      'spec.maxTrialCount': 2,
      'spec.maxFailedTrialCount': 1,
    };
    validateExperiment(experimentDocument(changes), catalog);
    expect(seen).toEqual([2]);
  });
});
