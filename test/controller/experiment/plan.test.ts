import { describe, expect, it } from 'vitest';
import type { ExperimentSpec, ExperimentStatus } from '../../../core/experiment.ts';
import type { StoredSuggestion } from '../../../core/suggestion.ts';
import type { StoredTrial, TrialState } from '../../../core/trial.ts';
import { invalidStatus, planExperiment, type ExperimentPlan } from '../../../controller/experiment/plan.ts';
import { RESUMED_AT_ANNOTATION } from '../../../core/labels.ts';
import {
  condition,
  experiment,
  NOW,
  NOW_MS,
  STOPPING_RECORD,
  suggestion,
  trial,
} from '../../support/experiment-objects.ts';

interface Case {
  shortage?: string | null;
  spec?: Partial<ExperimentSpec>;
  status?: ExperimentStatus;
  trials?: readonly StoredTrial[];
  suggestion?: StoredSuggestion;
}

function plan({ spec, status, trials = [], suggestion: own, shortage = null }: Case): ExperimentPlan {
  const situation = { experiment: experiment(spec, status), trials, suggestion: own, shortage };
  return planExperiment({ ...situation, nowMs: NOW_MS });
}

function states(...list: TrialState[]): StoredTrial[] {
  return list.map((state, index) => trial({ index, state }));
}

/** An early stopper has ended it, but not its job. */
function closing(index: number): StoredTrial {
  const status = { conditions: [condition('EarlyStopped')], earlyStopping: STOPPING_RECORD };
  return trial({ index, status });
}

/** A suggestion that has given out `given` assignments, of which those with these indexes are still listed. */
function given(count: number, ...listed: number[]): StoredSuggestion {
  const suggestions = listed.map((index) => ({ name: `exp-${index}`, parameterAssignments: [] }));
  return suggestion({ suggestionCount: count, suggestions }, { requests: count });
}

const actions = ({ actions: list }: ExperimentPlan): string[] =>
  list.map((action) => {
    switch (action.type) {
      case 'createTrial':
        return `create ${action.assignment.name}`;
      case 'deleteTrial':
        return `delete ${action.trial.metadata.name}`;
      case 'killTrial':
        return `kill ${action.trial.metadata.name}`;
      case 'createSuggestion':
      case 'raiseRequests':
        return `${action.type} ${action.requests}`;
    }
  });

describe('scheduling', () => {
  it.each<[string, Case, string[]]>([
    ['begins by asking for as many as may run at once', {}, ['createSuggestion 2']],
    ['asks for no more than the limit', { spec: { maxTrialCount: 1 } }, ['createSuggestion 1']],
    ['knows no limit where there is none', { spec: { maxTrialCount: undefined } }, ['createSuggestion 2']],
    [
      'takes three at once where nothing is said',
      { spec: { parallelTrialCount: undefined } },
      ['createSuggestion 3'],
    ],
    ['creates what was given out', { suggestion: given(2, 0, 1) }, ['create exp-0', 'create exp-1']],
    ['waits for what was asked for', { suggestion: suggestion({}, { requests: 2 }) }, []],
    [
      'creates what has no trial yet only',
      { suggestion: given(2, 0, 1), trials: states('Running') },
      ['create exp-1'],
    ],
    ['waits while everything runs', { suggestion: given(2), trials: states('Running', 'Pending') }, []],
    [
      'asks for the next when one has ended',
      { suggestion: given(2), trials: states('Running', 'Succeeded') },
      ['raiseRequests 3'],
    ],
    [
      'replaces failed trials too',
      { suggestion: given(2), trials: states('Failed', 'Killed') },
      ['raiseRequests 4'],
    ],
    [
      'counts trials without metrics as done: the limit holds',
      {
        spec: { maxTrialCount: 3 },
        suggestion: given(2),
        trials: states('MetricsUnavailable', 'MetricsUnavailable'),
      },
      ['raiseRequests 3'],
    ],
    [
      'counts early stopped trials as done',
      { spec: { maxTrialCount: 3 }, suggestion: given(2), trials: states('EarlyStopped', 'Running') },
      ['raiseRequests 3'],
    ],
    [
      'fills the last place only',
      {
        spec: { maxTrialCount: 3 },
        suggestion: given(3),
        trials: states('Succeeded', 'Succeeded', 'Running'),
      },
      [],
    ],
    [
      'asks for nothing once the search is exhausted',
      {
        suggestion: suggestion({ suggestionCount: 2, exhausted: true }, { requests: 3 }),
        trials: states('Succeeded', 'Running'),
      },
      [],
    ],
    ['replaces what was lost', { suggestion: given(4), trials: states('Running') }, ['raiseRequests 5']],
    [
      'keeps outstanding assignments for later where all places are taken',
      { suggestion: given(4, 2, 3), trials: states('Running', 'Running') },
      [],
    ],
  ])('%s', (_, situation, expected) => expect(actions(plan(situation))).toEqual(expected));

  it('deletes the newest active trials where fewer may run', () => {
    const trials = states('Running', 'Succeeded', 'Running', 'Running', 'Succeeded');
    expect(
      actions(plan({ spec: { parallelTrialCount: 1, maxTrialCount: 9 }, suggestion: given(5), trials })),
    ).toEqual(['delete exp-2', 'delete exp-3']);
  });

  it('neither counts nor deletes again what is being deleted, and replaces it only when it is gone', () => {
    const leaving = trial({ index: 2, state: 'Running', meta: { deletionTimestamp: NOW } });
    const trials = [...states('Running', 'Succeeded'), leaving];
    expect(
      actions(plan({ spec: { parallelTrialCount: 1, maxTrialCount: 9 }, suggestion: given(3), trials })),
    ).toEqual([]);
  });

  it('says how many assignments were lost for good', () => {
    expect(plan({ suggestion: given(5, 4), trials: states('Running', 'Running') }).lost).toBe(2);
    expect(plan({ suggestion: given(2, 0, 1), trials: states('Running') }).lost).toBe(0);
  });
});

describe('ending', () => {
  const enough = { suggestion: given(3), spec: { maxTrialCount: 3 } };
  const lastReason = ({ status }: ExperimentPlan): string | undefined => status.conditions?.at(-1)?.reason;

  it.each<[string, Case, string]>([
    [
      'goal before all else',
      {
        ...enough,
        spec: {
          maxTrialCount: 1,
          maxFailedTrialCount: 0,
          objective: { type: 'minimize', objectiveMetricName: 'loss', goal: 0.5 },
        },
        trials: [trial({ index: 0, state: 'Failed', loss: 0.5 })],
      },
      'ExperimentGoalReached',
    ],
    [
      'failures before the limit',
      { spec: { maxTrialCount: 2, maxFailedTrialCount: 2 }, trials: states('Failed', 'MetricsUnavailable') },
      'ExperimentFailed',
    ],
    [
      '0 failures allowed: fails at the first',
      { spec: { maxFailedTrialCount: 0 }, trials: states('Failed') },
      'ExperimentFailed',
    ],
    [
      '0 failures allowed: none, goes on',
      { spec: { maxFailedTrialCount: 0 }, trials: states('Succeeded') },
      'ExperimentRunning',
    ],
    [
      'n failures allowed: fails at the n-th',
      { spec: { maxFailedTrialCount: 2, maxTrialCount: 9 }, trials: states('Failed', 'Succeeded') },
      'ExperimentRunning',
    ],
    [
      'limit reached',
      { spec: { maxTrialCount: 3 }, trials: states('Succeeded', 'EarlyStopped', 'MetricsUnavailable') },
      'ExperimentMaxTrialsReached',
    ],
    [
      'limit reached, but a trial that was stopped early still has a job',
      { spec: { maxTrialCount: 2 }, trials: [...states('Succeeded'), closing(1)] },
      'ExperimentRunning',
    ],
    [
      'search exhausted, but a trial that was stopped early still has a job',
      {
        suggestion: suggestion({ suggestionCount: 2, exhausted: true }),
        trials: [...states('Succeeded'), closing(1)],
      },
      'ExperimentRunning',
    ],
    [
      'limit not reached while one runs',
      { spec: { maxTrialCount: 2 }, trials: states('Succeeded', 'Running') },
      'ExperimentRunning',
    ],
    [
      'search exhausted',
      {
        suggestion: suggestion({ suggestionCount: 2, exhausted: true }),
        trials: states('Succeeded', 'Succeeded'),
      },
      'ExperimentSuggestionEndReached',
    ],
    [
      'search exhausted, one assignment left',
      {
        suggestion: suggestion({ suggestionCount: 3, exhausted: true, suggestions: [{ name: 'exp-2' }] }),
        trials: states('Succeeded', 'Succeeded'),
      },
      'ExperimentRunning',
    ],
    [
      'search exhausted, one trial runs',
      {
        suggestion: suggestion({ suggestionCount: 2, exhausted: true }),
        trials: states('Succeeded', 'Running'),
      },
      'ExperimentRunning',
    ],
    [
      'search refused',
      {
        suggestion: suggestion({
          conditions: [condition('Failed', 'True', 'SuggestionFailed', 'no such setting')],
        }),
      },
      'ExperimentFailed',
    ],
  ])('%s', (_, situation, reason) => expect(lastReason(plan(situation))).toBe(reason));

  it.each([
    ['minimize', 0.1, [0.2, 0.1], true],
    ['minimize', 0.1, [0.2, 0.11], false],
    ['maximize', 0.9, [0.9], true],
    ['maximize', 0.9, [0.89], false],
    ['maximize', 0, [-1], false],
    ['minimize', 0, [0], true],
  ] as const)('the goal of %s at %d is met by %j: %s', (type, goal, losses, met) => {
    const objective = { type, goal, objectiveMetricName: 'loss' };
    const trials = losses.map((loss, index) =>
      trial({ index, state: 'Succeeded', loss, spec: { objective } }),
    );
    const { status } = plan({ spec: { objective }, trials });
    expect(status.conditions?.at(-1)?.reason === 'ExperimentGoalReached').toBe(met);
  });

  it("says in Katib's words that it ended, flips Running in place and starts nothing more", () => {
    const { status, actions: none } = plan({
      ...enough,
      trials: states('Succeeded', 'Succeeded', 'Succeeded'),
    });
    expect(status.conditions?.map(({ type, status: state }) => `${type}=${state}`)).toEqual([
      'Created=True',
      'Running=False',
      'Succeeded=True',
    ]);
    expect(status.conditions?.at(-1)?.message).toBe(
      'Experiment has succeeded because max trial count has reached',
    );
    expect(status.completionTime).toBe(NOW);
    expect(none).toEqual([]);
  });

  it('names the commonest cause where too many trials failed', () => {
    const failed = (index: number, code: string): StoredTrial =>
      trial({
        index,
        status: { conditions: [condition('Failed', 'True', 'TrialFailed', `Trial has failed [${code}] …`)] },
      });
    const trials = [
      failed(0, 'TRIAL_EXIT_CODE'),
      failed(1, 'TRIAL_MODULE_MISSING'),
      failed(2, 'TRIAL_MODULE_MISSING'),
    ];
    const { status } = plan({ spec: { maxFailedTrialCount: 3 }, trials });
    expect(status.conditions?.at(-1)?.message).toBe(
      'Experiment has failed because max failed count has reached. 2 of 3 failures: TRIAL_MODULE_MISSING, for example trial exp-1',
    );
  });

  it('passes on why the search failed', () => {
    const failed = suggestion({
      conditions: [condition('Failed', 'True', 'SuggestionFailed', 'Validation failed: …')],
    });
    expect(plan({ suggestion: failed }).status.conditions?.at(-1)?.message).toBe(
      'Suggestion has failed. Validation failed: …',
    );
  });
});

/** A trial without a result, for the given reason. */
function failedTrial(index: number, code: string, meta = {}): StoredTrial {
  const failed = condition('Failed', 'True', 'TrialFailed', `Trial has failed [${code}] …`);
  return trial({ index, status: { conditions: [failed] }, meta });
}

function failedTrials(count: number, code: string): StoredTrial[] {
  return Array.from({ length: count }, (_, index) => failedTrial(index, code));
}

describe('what the owner wants', () => {
  const shown = ({ status }: ExperimentPlan): string[] | undefined =>
    status.conditions?.map(({ type, status: state, reason }) => `${type}=${state} ${reason}`);
  const goingOn = [
    condition('Created', 'True', 'ExperimentCreated'),
    condition('Running', 'True', 'ExperimentRunning'),
  ];

  it.each<[string, Case, string[], string]>([
    [
      'Paused: nothing starts, what runs goes on',
      { spec: { desiredState: 'Paused' }, suggestion: given(2, 1), trials: states('Running') },
      [],
      'Paused=True ExperimentPaused',
    ],
    [
      'Paused, and nothing runs: it waits',
      { spec: { desiredState: 'Paused' }, suggestion: given(1), trials: states('Succeeded') },
      [],
      'Paused=True ExperimentPaused',
    ],
    [
      'Running again: as if nothing had been',
      {
        status: { conditions: [...goingOn, condition('Paused', 'True', 'ExperimentPaused')] },
        suggestion: given(2, 1),
        trials: states('Running'),
      },
      ['create exp-1'],
      'Running=True ExperimentRunning',
    ],
    [
      'Stopped: what runs goes on',
      { spec: { desiredState: 'Stopped' }, suggestion: given(2, 1), trials: states('Running') },
      [],
      'Running=True ExperimentRunning',
    ],
    [
      'Stopped, and nothing runs: it ends',
      { spec: { desiredState: 'Stopped' }, suggestion: given(2, 1), trials: states('Succeeded') },
      [],
      'Succeeded=True ExperimentStopped',
    ],
    [
      'Cancelled: what runs is killed',
      {
        spec: { desiredState: 'Cancelled' },
        suggestion: given(3),
        trials: states('Running', 'Succeeded', 'Pending'),
      },
      ['kill exp-0', 'kill exp-2'],
      'Running=True ExperimentRunning',
    ],
    [
      'Cancelled, and all are killed: it ends, whatever the limit says',
      {
        spec: { desiredState: 'Cancelled', maxTrialCount: 2 },
        suggestion: given(2),
        trials: states('Killed', 'Killed'),
      },
      [],
      'Failed=True ExperimentCancelled',
    ],
  ])('%s', (_, situation, expected, last) => {
    const made = plan(situation);
    expect(actions(made)).toEqual(expected);
    expect(shown(made)?.at(-1)).toBe(last);
  });

  it.each<[string, ExperimentSpec['desiredState'], string, boolean]>([
    ['stopped, to run again', 'Running', 'ExperimentStopped', true],
    ['stopped, with nothing said', undefined, 'ExperimentStopped', true],
    ['cancelled, to run again', 'Running', 'ExperimentCancelled', true],
    ['cancelled, still', 'Cancelled', 'ExperimentCancelled', false],
    ['stopped, still', 'Stopped', 'ExperimentStopped', false],
  ])('an experiment that was %s', (_, wanted, reason, restarts) => {
    const created = condition('Created', 'True', 'ExperimentCreated');
    const status = { completionTime: NOW, conditions: [created, condition('Succeeded', 'True', reason)] };
    const made = plan({ spec: { desiredState: wanted }, status, trials: states('Succeeded') });
    expect(made.status.completionTime).toBe(restarts ? undefined : NOW);
    expect(shown(made)?.at(-1)).toBe(
      restarts ? 'Running=True ExperimentRunning' : `Succeeded=True ${reason}`,
    );
  });
});

describe('trials that all fail alike', () => {
  const last = ({ status }: ExperimentPlan): string | undefined => status.conditions?.at(-1)?.reason;

  it.each<[string, readonly StoredTrial[], string]>([
    ['two of the setup go on', failedTrials(2, 'TRIAL_MODULE_MISSING'), 'ExperimentRunning'],
    ['three of the setup end it', failedTrials(3, 'TRIAL_MODULE_MISSING'), 'ExperimentTrialsFailAlike'],
    ['nine that parameters may explain go on', failedTrials(9, 'TRIAL_EXIT_CODE'), 'ExperimentRunning'],
    ['ten of them end it', failedTrials(10, 'TRIAL_EXIT_CODE'), 'ExperimentTrialsFailAlike'],
    [
      'different causes go on',
      [...failedTrials(3, 'TRIAL_MODULE_MISSING'), failedTrial(3, 'TRIAL_EXIT_CODE')],
      'ExperimentRunning',
    ],
    [
      'a single result lets it go on',
      [...failedTrials(5, 'TRIAL_MODULE_MISSING'), trial({ index: 5, state: 'Succeeded' })],
      'ExperimentRunning',
    ],
    [
      'killed trials say nothing',
      [...failedTrials(3, 'TRIAL_MODULE_MISSING'), trial({ index: 3, state: 'Killed' })],
      'ExperimentTrialsFailAlike',
    ],
  ])('%s', (_, trials, reason) => {
    expect(last(plan({ spec: { maxTrialCount: 100 }, trials }))).toBe(reason);
  });

  it('waits for those that still run, and starts none', () => {
    const trials = [...failedTrials(3, 'TRIAL_MODULE_MISSING'), trial({ index: 3, state: 'Running' })];
    const made = plan({ suggestion: given(5, 4), trials });
    expect(last(made)).toBe('ExperimentRunning');
    expect(actions(made)).toEqual([]);
  });

  it('told to go on, counts only trials that were created since', () => {
    const ended = { conditions: [condition('Failed', 'True', 'ExperimentTrialsFailAlike')] };
    const own = experiment({ maxTrialCount: 100 }, ended);
    own.metadata.annotations = { [RESUMED_AT_ANNOTATION]: NOW };
    const older = Array.from({ length: 3 }, (_, index) =>
      failedTrial(index, 'TRIAL_MODULE_MISSING', { creationTimestamp: '2026-01-01T11:00:00Z' }),
    );
    const since = (count: number): ExperimentPlan => {
      const newer = Array.from({ length: count }, (_, index) =>
        failedTrial(index, 'TRIAL_MODULE_MISSING', { creationTimestamp: NOW }),
      );
      const trials = [...older, ...newer];
      return planExperiment({ experiment: own, trials, suggestion: undefined, nowMs: NOW_MS });
    };
    expect(last(since(2))).toBe('ExperimentRunning');
    expect(last(since(3))).toBe('ExperimentTrialsFailAlike');
  });

  it('and those that fail differently, all of them, are no success at the limit', () => {
    const trials = [failedTrial(0, 'TRIAL_EXIT_CODE'), failedTrial(1, 'TRIAL_DEADLINE')];
    expect(last(plan({ spec: { maxTrialCount: 2 }, trials }))).toBe('ExperimentNoResult');
  });
});

describe('after the end', () => {
  const ended = (type: 'Succeeded' | 'Failed', reason: string): ExperimentStatus => ({
    startTime: NOW,
    completionTime: '2026-01-01T11:00:00Z',
    conditions: [
      condition('Created', 'True', 'ExperimentCreated'),
      condition('Running', 'False', 'ExperimentRunning'),
      condition(type, 'True', reason),
    ],
    currentOptimalTrial: { bestTrialName: 'exp-old' },
  });
  const reached = ended('Succeeded', 'ExperimentMaxTrialsReached');

  it('still counts what goes on, and keeps the time of its end', () => {
    const { status } = plan({
      status: reached,
      trials: [...states('Succeeded'), trial({ index: 1, state: 'Running' })],
    });
    expect(status).toMatchObject({ trials: 2, trialsRunning: 1, completionTime: '2026-01-01T11:00:00Z' });
    expect(status.conditions).toEqual(reached.conditions);
  });

  it('never empties the best trial once there was one', () => {
    expect(plan({ status: reached }).status.currentOptimalTrial).toEqual({ bestTrialName: 'exp-old' });
  });

  it.each<[string, Partial<ExperimentSpec>, ExperimentStatus, boolean]>([
    ['LongRunning and a raised limit', { resumePolicy: 'LongRunning', maxTrialCount: 3 }, reached, true],
    ['FromVolume and a raised limit', { resumePolicy: 'FromVolume', maxTrialCount: 3 }, reached, true],
    ['Never', { resumePolicy: 'Never', maxTrialCount: 3 }, reached, false],
    ['no policy', { maxTrialCount: 3 }, reached, false],
    ['the limit as it was', { resumePolicy: 'LongRunning', maxTrialCount: 2 }, reached, false],
    ['no limit any more', { resumePolicy: 'LongRunning', maxTrialCount: undefined } as never, reached, true],
    [
      'a reached goal',
      { resumePolicy: 'LongRunning', maxTrialCount: 3 },
      ended('Succeeded', 'ExperimentGoalReached'),
      false,
    ],
    [
      'a failure',
      { resumePolicy: 'LongRunning', maxTrialCount: 3 },
      ended('Failed', 'ExperimentFailed'),
      false,
    ],
    [
      'no limit, no policy and a reached goal',
      { maxTrialCount: undefined },
      ended('Succeeded', 'ExperimentGoalReached'),
      false,
    ],
  ])('with %s', (_, spec, status, restarts) => {
    const { status: next, actions: list } = plan({
      spec,
      status,
      trials: states('Succeeded', 'Succeeded'),
      suggestion: given(2),
    });
    expect(next.conditions?.some(({ type }) => type === 'Restarting')).toBe(restarts);
    expect(list.length > 0).toBe(restarts);
  });

  it('takes the old ending away when it restarts, and Restarting stays', () => {
    const { status } = plan({
      spec: { resumePolicy: 'LongRunning', maxTrialCount: 3 },
      status: reached,
      trials: states('Succeeded', 'Succeeded'),
      suggestion: given(2),
    });
    expect(status.conditions?.map(({ type, status: state }) => `${type}=${state}`)).toEqual([
      'Created=True',
      'Restarting=True',
      'Running=True',
    ]);
    expect(status.completionTime).toBeUndefined();
  });
});

it('says everything that is wrong with an experiment that cannot run', () => {
  const issue = {
    code: 'SPEC_REQUIRED',
    path: ['spec', 'objective'],
    message: 'It is missing.',
    remedy: 'Write it.',
  };
  const status = invalidStatus(experiment(), [issue, { ...issue, path: ['spec', 'algorithm'] }], NOW_MS);
  expect(status.completionTime).toBe(NOW);
  expect(status.conditions?.at(-1)).toMatchObject({
    type: 'Failed',
    reason: 'ExperimentInvalid',
    message:
      'Experiment is invalid. spec.objective: It is missing. Write it. spec.algorithm: It is missing. Write it.',
  });
});

it('gives the same plan for the status that it has just planned', () => {
  const trials = states('Succeeded', 'Running');
  const first = plan({ trials, suggestion: given(2) });
  expect(plan({ status: first.status, trials, suggestion: given(2) }).status).toEqual(first.status);
});

it('plans for ten thousand trials with a status of bounded size', () => {
  const trials = Array.from({ length: 10_000 }, (_, index) =>
    trial({ index, state: 'Succeeded', loss: index }),
  );
  const { status } = plan({ spec: { maxTrialCount: 20_000 }, trials, suggestion: given(10_000) });
  expect(status.trialsSucceeded).toBe(10_000);
  expect(JSON.stringify(status).length).toBeLessThan(4_096);
});

describe('a full disk', () => {
  const types = ({ status }: ExperimentPlan): string[] => status.conditions?.map(({ type }) => type) ?? [];

  it('lets no trial start and says so, while those that run are left alone', () => {
    const full = plan({ suggestion: given(2, 0, 1), trials: states('Running'), shortage: 'no room' });
    expect(actions(full)).toEqual([]);
    expect(types(full)).toEqual(['Created', 'Running', 'DiskPressure']);
    expect(full.status.conditions?.at(-1)).toMatchObject({
      status: 'True',
      reason: 'DISK_FULL',
      message: 'no room',
    });
  });

  it('is forgotten when there is room again', () => {
    const trials = states('Running');
    const { status } = plan({ suggestion: given(2, 0, 1), trials, shortage: 'no room' });
    const later = plan({ suggestion: given(2, 0, 1), trials, status });
    expect(actions(later)).toEqual(['create exp-1']);
    expect(types(later)).toEqual(['Created', 'Running']);
  });

  it('does not keep an experiment from ending', () => {
    const trials = states('Succeeded');
    const ended = plan({ spec: { maxTrialCount: 1 }, suggestion: given(1), trials, shortage: 'no room' });
    expect(types(ended)).toEqual(['Created', 'Running', 'Succeeded']);
  });
});
