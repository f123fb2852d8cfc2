import { describe, expect, it } from 'vitest';
import type { ExperimentSpec, ExperimentStatus } from '../../../core/experiment.ts';
import type { SuggestionSpec, SuggestionStatus } from '../../../core/suggestion.ts';
import type { StoredTrial } from '../../../core/trial.ts';
import { planSuggestion, withReply, type SuggestionPlan } from '../../../controller/suggestion/plan.ts';
import { searchHistory } from '../../../controller/suggestion/search-history.ts';
import { condition, experiment, NOW_MS, suggestion, trial } from '../../support/experiment-objects.ts';

interface Case {
  status?: SuggestionStatus;
  spec?: Partial<SuggestionSpec>;
  experimentSpec?: Partial<ExperimentSpec>;
  experimentStatus?: ExperimentStatus;
  trials?: readonly StoredTrial[];
  refusal?: string;
}

function plan({
  status = {},
  spec = {},
  experimentSpec,
  experimentStatus,
  trials = [],
  refusal,
}: Case): SuggestionPlan {
  return planSuggestion({
    suggestion: suggestion(status, spec),
    experiment: experiment(experimentSpec, experimentStatus),
    trials,
    refusal: refusal ?? null,
    nowMs: NOW_MS,
  });
}

const said = ({ status }: SuggestionPlan): string[] =>
  (status.conditions ?? []).map(({ type, status: state, reason = '' }) => `${type}=${state} ${reason}`);

const READY = [
  'Created=True SuggestionCreated',
  'DeploymentReady=True DeploymentReady',
  'Running=True SuggestionRunning',
];
const ready = plan({}).status;
const over: ExperimentStatus = { conditions: [condition('Succeeded')] };

describe('what is asked', () => {
  it.each<[string, Case, SuggestionPlan['ask']]>([
    ['what was requested', { spec: { requests: 3 } }, { firstIndex: 0, count: 3 }],
    [
      'what was requested beyond what was given',
      { spec: { requests: 5 }, status: { suggestionCount: 3 } },
      { firstIndex: 3, count: 2 },
    ],
    ['nothing twice', { spec: { requests: 3 }, status: { suggestionCount: 3 } }, null],
    [
      'nothing for fewer requests than were given',
      { spec: { requests: 2 }, status: { suggestionCount: 3 } },
      null,
    ],
    [
      'nothing once exhausted',
      { spec: { requests: 5 }, status: { suggestionCount: 3, exhausted: true } },
      null,
    ],
    ['nothing for an experiment that has ended', { spec: { requests: 5 }, experimentStatus: over }, null],
    ['nothing of an algorithm that is refused', { spec: { requests: 5 }, refusal: 'no' }, null],
    [
      'names after those that exist, where the suggestion was lost',
      { spec: { requests: 2 }, trials: [trial({ index: 6 })] },
      { firstIndex: 7, count: 2 },
    ],
  ])('is %s', (_, situation, ask) => expect(plan(situation).ask).toEqual(ask));

  it('is no longer listed once its trial exists', () => {
    const status = { suggestionCount: 3, suggestions: [{ name: 'exp-1' }, { name: 'exp-2' }] };
    expect(plan({ status, trials: [trial({ index: 1 })] }).status).toMatchObject({
      suggestionCount: 3,
      suggestions: [{ name: 'exp-2' }],
    });
  });
});

describe('conditions', () => {
  it("are Katib's, in its order", () => expect(said(plan({}))).toEqual(READY));

  it('say why an algorithm is refused', () => {
    const refused = plan({ refusal: 'the settings have 1 error: …' });
    expect(said(refused)).toEqual(['Created=True SuggestionCreated', 'Failed=True SuggestionFailed']);
    expect(refused.status.conditions?.at(-1)?.message).toBe(
      'Validation failed: ValidateAlgorithmSettings Error: the settings have 1 error: …',
    );
    expect(refused.over).toBe(true);
  });

  it('stay as they are once refused', () => {
    const { status } = plan({ refusal: 'no' });
    expect(plan({ status, experimentStatus: over }).status.conditions).toEqual(status.conditions);
  });

  it.each([
    ['Never', "Suggestion is succeeded, can't be restarted"],
    ['FromVolume', 'Suggestion is succeeded, suggestion volume is not deleted, can be restarted'],
  ] as const)('succeed with the experiment under the policy %s', (resumePolicy, message) => {
    const ended = plan({ status: ready, experimentSpec: { resumePolicy }, experimentStatus: over });
    expect(said(ended)).toEqual([
      'Created=True SuggestionCreated',
      'Running=False Suggestion is succeeded',
      'DeploymentReady=False Suggestion is succeeded',
      'Succeeded=True Experiment is succeeded',
    ]);
    expect(ended.status.conditions?.at(-1)?.message).toBe(message);
    expect(ended.over).toBe(true);
  });

  it('go on under the policy LongRunning', () => {
    const ended = plan({
      status: ready,
      experimentSpec: { resumePolicy: 'LongRunning' },
      experimentStatus: over,
    });
    expect(said(ended)).toEqual(READY);
  });

  it('become running again when the experiment restarts', () => {
    const { status } = plan({
      status: ready,
      experimentSpec: { resumePolicy: 'FromVolume' },
      experimentStatus: over,
    });
    expect(said(plan({ status, experimentSpec: { resumePolicy: 'FromVolume' } }))).toEqual(READY);
  });
});

describe('withReply', () => {
  const assignments = [[{ name: 'x', value: '1' }], [{ name: 'x', value: '2' }]];

  it('names the assignments by index and counts them', () => {
    const status = withReply(
      { suggestions: [{ name: 'exp-3' }] },
      'exp',
      { firstIndex: 4, count: 2 },
      { assignments, exhausted: false },
    );
    expect(status.suggestions?.map(({ name }) => name)).toEqual(['exp-3', 'exp-4', 'exp-5']);
    expect(status).toMatchObject({ suggestionCount: 6 });
    expect(status.exhausted).toBeUndefined();
  });

  it('marks the search exhausted where the reply says so', () => {
    const ask = { firstIndex: 0, count: 3 };
    expect(withReply({}, 'exp', ask, { assignments, exhausted: true })).toMatchObject({
      suggestionCount: 2,
      exhausted: true,
    });
  });

  it('goes on after a reply with fewer than were asked for: the search waits for results', () => {
    const status = withReply({}, 'exp', { firstIndex: 0, count: 3 }, { assignments, exhausted: false });
    expect(status).toMatchObject({ suggestionCount: 2 });
    expect(status.exhausted).toBeUndefined();
  });

  it('gives each assignment its labels, and none where the algorithm has none', () => {
    const labels = [{ 'katydid.dev/rung': '0' }, { 'katydid.dev/rung': '1' }];
    const ask = { firstIndex: 0, count: 2 };
    const labelled = withReply({}, 'exp', ask, { assignments, labels, exhausted: false });
    expect(labelled.suggestions?.map((assignment) => assignment.labels)).toEqual(labels);
    const plain = withReply({}, 'exp', ask, { assignments, exhausted: false });
    expect(plain.suggestions?.[0]).not.toHaveProperty('labels');
  });

  it('notes to which algorithm the request was left', () => {
    const choice = { algorithmName: 'cmaes', reason: 'There are numbers only.' };
    const ask = { firstIndex: 0, count: 2 };
    const status = withReply({}, 'exp', ask, { assignments, exhausted: false, choice });
    expect(status.algorithmChoice).toEqual(choice);
    expect(withReply(status, 'exp', ask, { assignments, exhausted: false }).algorithmChoice).toEqual(choice);
  });

  it('takes no more than was asked for', () => {
    expect(
      withReply({}, 'exp', { firstIndex: 0, count: 1 }, { assignments, exhausted: false }).suggestionCount,
    ).toBe(1);
  });
});

describe('searchHistory', () => {
  it.each([
    ['Pending', undefined, 'running', null],
    ['Running', 3, 'running', 3],
    ['Succeeded', 3, 'succeeded', 3],
    ['Succeeded', 'NaN', 'failed', null],
    ['Succeeded', '+Inf', 'failed', null],
    ['EarlyStopped', 3, 'earlyStopped', 3],
    ['EarlyStopped', undefined, 'earlyStopped', null],
    ['Failed', undefined, 'failed', null],
    ['Killed', undefined, 'failed', null],
    ['MetricsUnavailable', 'unavailable', 'failed', null],
  ] as const)('takes a trial that is %s with %s for %s', (state, loss, expected, value) => {
    const [told] = searchHistory([trial({ index: 0, state, ...(loss !== undefined && { loss }) })], []);
    expect(told).toMatchObject({ name: 'exp-0', state: expected, value });
  });

  it('is in the order of the indexes, with what is outstanding at the end', () => {
    const trials = [10, 2, 0].map((index) => trial({ index }));
    const names = searchHistory(trials, [{ name: 'exp-11', parameterAssignments: [] }]).map(
      ({ name }) => name,
    );
    expect(names).toEqual(['exp-0', 'exp-2', 'exp-10', 'exp-11']);
  });

  it('has the labels of trials and of those that are outstanding', () => {
    const labels = { 'katydid.dev/rung': '1' };
    const plain = trial({ index: 0 });
    const labelled = { ...plain, metadata: { ...plain.metadata, labels } };
    const outstanding = [{ name: 'exp-1', parameterAssignments: [], labels }];
    expect(searchHistory([labelled], outstanding).map((told) => told.labels)).toEqual([labels, labels]);
  });
});
