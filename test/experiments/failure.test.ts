import { describe, expect, it } from 'vitest';
import { failureLines, groupFailures, readFailure } from '../../experiments/failure.ts';
import { describeExplanation, explain } from '../../controller/trial/explanation.ts';
import { MODULE_MISSING, trialSummary } from '../cli/summaries.ts';

describe('the message of a failed trial', () => {
  it('comes apart into code, cause, remedy and output', () => {
    expect(readFailure(MODULE_MISSING)).toEqual({
      code: 'TRIAL_MODULE_MISSING',
      cause: 'Container main of pod exp-0-0 needs the module "nothere", which is not installed.',
      remedy: 'Install the module in the image, or in the environment whose interpreter the command calls.',
      lastLogLines: ['starting', "ModuleNotFoundError: No module named 'nothere'"],
    });
  });

  it('is understood as the trial controller writes it', () => {
    const explanation = explain('TRIAL_EXIT_CODE', 'Ended with exit code 3: [1, 2]', { output: 'a\nb\n' });
    const { code, cause, remedy, lastLogLines } = explanation;
    expect(readFailure(`Trial has failed ${describeExplanation(explanation)}`)).toEqual({
      code,
      cause,
      remedy,
      lastLogLines,
    });
  });

  it('may have a remedy of its own, no output, or no code at all', () => {
    const own = readFailure('Trial has failed [LOCAL_NO_COMMAND] Write a command. Did you mean "x"?');
    expect(own).toMatchObject({ code: 'LOCAL_NO_COMMAND', remedy: '', lastLogLines: [] });
    expect(readFailure('It just failed.')).toEqual({
      code: null,
      cause: 'It just failed.',
      remedy: '',
      lastLogLines: [],
    });
  });
});

it('reads as what happened, what to do, and the output', () => {
  expect(failureLines({ code: null, cause: 'c', remedy: '', lastLogLines: [] })).toEqual(['c']);
  expect(failureLines({ code: 'X_Y', cause: 'c', remedy: 'r', lastLogLines: ['l'] })).toEqual([
    'c',
    'r',
    'Last output:',
    '  | l',
  ]);
});

it('groups trials without a result by code, the most frequent first', () => {
  const failed = (name: string, code: string): ReturnType<typeof trialSummary> =>
    trialSummary({ name, state: 'Failed', message: `Trial has failed [${code}] of ${name}` });
  const groups = groupFailures([
    trialSummary({ name: 'fine' }),
    failed('a', 'TRIAL_DEADLINE'),
    failed('b', 'TRIAL_EXIT_CODE'),
    failed('c', 'TRIAL_EXIT_CODE'),
    trialSummary({ name: 'd', state: 'MetricsUnavailable', message: 'Metrics are not available' }),
    trialSummary({ name: 'e', state: 'Killed', message: 'Trial is killed' }),
  ]);
  expect(groups.map(({ code, trials, failure }) => [code, trials, failure.cause])).toEqual([
    ['TRIAL_EXIT_CODE', ['b', 'c'], 'of b'],
    ['TRIAL_DEADLINE', ['a'], 'of a'],
    [null, ['d'], 'Metrics are not available'],
  ]);
});
