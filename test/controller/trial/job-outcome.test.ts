import { expect, it } from 'vitest';
import { jobOutcome } from '../../../controller/trial/job-outcome.ts';

const JOB = {
  status: {
    succeeded: 1,
    conditions: [
      { type: 'Created', status: 'True' },
      { type: 'Complete', status: 'True', reason: 'Done', message: 'All pods ended well', count: 3 },
      { type: 'Failed', status: 'False', reason: 'No' },
    ],
  },
};
const COMPLETE = 'status.conditions.#(type=="Complete")#|#(status=="True")#';
const FAILED = 'status.conditions.#(type=="Failed")#|#(status=="True")#';

it.each([
  [
    'an array with something in it',
    { successCondition: COMPLETE, failureCondition: FAILED },
    'succeeded',
    'Done',
    'All pods ended well',
  ],
  ['an object', { successCondition: 'status.[@this].#(succeeded==1)' }, 'succeeded', '', ''],
  ['an empty array', { successCondition: FAILED, failureCondition: FAILED }, 'running', '', ''],
  ['nothing', { successCondition: 'status.missing' }, 'running', '', ''],
  ['a number', { successCondition: 'status.succeeded' }, 'running', '', ''],
  ['a text', { successCondition: 'status.conditions.0.type' }, 'running', '', ''],
  ['no condition', {}, 'running', '', ''],
  [
    'both',
    { successCondition: COMPLETE, failureCondition: COMPLETE },
    'failed',
    'Done',
    'All pods ended well',
  ],
])('takes %s for what it is', (_, conditions, state, reason, message) => {
  expect(jobOutcome(JOB, conditions)).toEqual({ state, reason, message });
});
