import { describe, expect, it } from 'vitest';
import { groupFailures } from '../../../experiments/failure.ts';
import { deletedReport, exitCodeOf, runReport } from '../../../cli/run/report.ts';
import { resultLines, type ResultContext } from '../../../cli/run/result-text.ts';
import { bestTrial, experimentSummary, MODULE_MISSING, trialSummary } from '../summaries.ts';

const context: ResultContext = {
  end: 'finished',
  dataDir: '.katydid',
  command: ['run', 'my file.yaml'],
  nowMs: 65_000,
};

const succeeded = experimentSummary({
  state: 'Succeeded',
  reason: 'ExperimentMaxTrialsReached',
  message: 'Experiment has succeeded because max trial count has reached',
  counts: { succeeded: 10 },
  best: bestTrial('exp-3', 0.25),
  completedMs: 30_000,
});

/** The lines without the name of the program, which depends on how the tests are started. */
function shown(...args: Parameters<typeof resultLines>): string[] {
  return resultLines(...args).map((line) => line.replaceAll('npx katydid', 'katydid'));
}

describe('the result for people', () => {
  it('is the best trial with exact values, and what to look at next', () => {
    const lines = shown({ experiment: succeeded, failures: [] }, context);
    expect(lines.slice(0, 4)).toEqual([
      'Experiment exp: Succeeded. Experiment has succeeded because max trial count has reached',
      'Trials: 0 running, 10 succeeded, in 30s',
      'Best loss: 0.25 (exp-3)',
      '  lr = 0.123456789',
    ]);
    const commands = lines.at(-1)?.split('\n') ?? [];
    expect(commands.map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
      'katydid get trials --experiment exp',
      'katydid describe exp-3',
      'katydid export exp --what curves',
    ]);
  });

  it('says where results are that are not in the usual place', () => {
    const elsewhere = { ...succeeded, namespace: 'team' };
    const text = shown({ experiment: elsewhere, failures: [] }, { ...context, dataDir: 'data' }).join('\n');
    expect(text).toContain('describe exp-3 --namespace team --data-dir data');
  });

  it('says how to go on after an interruption', () => {
    const experiment = experimentSummary({ counts: { running: 2, succeeded: 3 } });
    const lines = shown({ experiment, failures: [] }, { ...context, end: 'interrupted' });
    expect(lines[0]).toBe('Experiment exp: Interrupted, after 3 of 10 trials.');
    expect(lines).toContain("  katydid run 'my file.yaml'");
    const timedOut = shown({ experiment, failures: [] }, { ...context, end: 'timedOut' });
    expect(timedOut[0]).toBe('Experiment exp: Stopped, because the time is up, after 3 of 10 trials.');
  });

  it('says why trials have no result, by code', () => {
    const failed = (name: string, code: string): ReturnType<typeof trialSummary> =>
      trialSummary({ name, state: 'Failed', message: MODULE_MISSING.replace('TRIAL_MODULE_MISSING', code) });
    const codes = ['TRIAL_MODULE_MISSING', 'TRIAL_DEADLINE', 'TRIAL_EVICTED', 'TRIAL_EXIT_CODE'];
    const trials = Array.from({ length: 7 }, (_, index) => failed(`exp-${index}`, 'TRIAL_MODULE_MISSING'));
    const failures = groupFailures([
      ...trials,
      ...codes.map((code, index) => failed(`exp-${7 + index}`, code)),
    ]);
    const experiment = experimentSummary({ state: 'Failed', message: 'failed.', counts: { failed: 11 } });
    const lines = shown({ experiment, failures }, context);
    expect(lines).toContain('No trial has a result.');
    expect(lines).toContain('  TRIAL_MODULE_MISSING (exp-0, exp-1, exp-2, exp-3, exp-4 and 3 more)');
    expect(lines).toContain(
      '    Container main of pod exp-0-0 needs the module "nothere", which is not installed.',
    );
    expect(lines).toContain("      | ModuleNotFoundError: No module named 'nothere'");
    expect(lines).toContain('  … and for 1 more reasons.');
    expect(lines.at(-1)).toContain('logs exp-0');
  });
});

describe('the result for programs', () => {
  it('has everything that the documentation promises', () => {
    expect(runReport(succeeded, 'finished', 65_000)).toEqual({
      experiment: 'exp',
      namespace: 'default',
      status: 'Succeeded',
      reason: 'ExperimentMaxTrialsReached',
      currentOptimalTrial: {
        bestTrialName: 'exp-3',
        parameterAssignments: [{ name: 'lr', value: '0.123456789' }],
        observation: { metrics: [{ name: 'loss', min: '0.25', max: '0.25', latest: '0.25' }] },
      },
      trials: { total: 10, succeeded: 10, failed: 0, earlyStopped: 0, metricsUnavailable: 0 },
      durationSeconds: 30,
      dashboard: null,
    });
  });

  it('says how the run ended where the experiment goes on', () => {
    const experiment = experimentSummary({ startedMs: null });
    expect(runReport(experiment, 'interrupted', 5)).toMatchObject({
      status: 'Interrupted',
      currentOptimalTrial: null,
      durationSeconds: 0,
    });
    expect(runReport(experiment, 'timedOut', 5)).toMatchObject({ status: 'TimedOut' });
  });
});

it('the report of an experiment that is gone says so', () => {
  expect(deletedReport('team/exp')).toMatchObject({
    experiment: 'exp',
    namespace: 'team',
    status: 'Deleted',
  });
});

it.each([
  ['finished', ['Succeeded'], [], 0],
  ['finished', ['Succeeded', 'Failed'], [], 1],
  ['finished', ['Succeeded'], ['default/gone'], 1],
  ['finished', ['Running'], [], 1],
  ['timedOut', ['Succeeded', 'Running'], [], 3],
  ['interrupted', ['Running'], [], 130],
] as const)('a run that is %s with %j and deleted %j ends with %d', (end, states, deleted, code) => {
  const found = states.map((state) => ({ experiment: experimentSummary({ state }), failures: [] }));
  expect(exitCodeOf({ found, deleted }, end)).toBe(code);
});
