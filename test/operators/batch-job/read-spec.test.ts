import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../core/errors.ts';
import { formatIndexes, parseIndexes } from '../../../operators/batch-job/index-ranges.ts';
import { readBatchJobSpec } from '../../../operators/batch-job/read-spec.ts';
import { specOf, storedJob, TEMPLATE } from './fixtures.ts';

test('the defaults are those of Kubernetes', () => {
  expect(specOf(storedJob())).toMatchObject({
    parallelism: 1,
    completions: 1,
    completionMode: 'NonIndexed',
    backoffLimit: 6,
    activeDeadlineSeconds: null,
    ttlSecondsAfterFinished: null,
    suspend: false,
    replacesOnlyFailed: false,
    restartPolicy: 'Never',
  });
  expect(specOf(storedJob({ parallelism: 3 })).completions).toBeNull();
});

function withRestartPolicy(restartPolicy: string | null): Record<string, unknown> {
  return { template: { spec: { ...TEMPLATE.spec, restartPolicy } } };
}

describe('a job that is refused', () => {
  const rule = (fields: object): object => ({ podFailurePolicy: { rules: [fields] } });
  const byCode = { operator: 'In', values: [1] };

  test.each<[string, Record<string, unknown>, string, string]>([
    ['restart policy Always', withRestartPolicy('Always'), 'spec.template.spec.restartPolicy', '"Always"'],
    ['no restart policy', withRestartPolicy(null), 'spec.template.spec.restartPolicy', 'is missing'],
    [
      'no containers',
      { template: { spec: { restartPolicy: 'Never' } } },
      'spec.template.spec.containers',
      'no containers',
    ],
    [
      'no image',
      { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'train' }] } } },
      'spec.template.spec.containers[0].image',
      'no image',
    ],
    ['a negative count', { parallelism: -1 }, 'spec.parallelism', 'is -1'],
    ['a count that is no number', { completions: 'two' }, 'spec.completions', 'the text "two"'],
    ['an unknown completion mode', { completionMode: 'Random' }, 'spec.completionMode', '"Random"'],
    [
      'indexes without a number of them',
      { completionMode: 'Indexed' },
      'spec.completions',
      'needs the number',
    ],
    ['a limit per index', { backoffLimitPerIndex: 1 }, 'spec.backoffLimitPerIndex', 'not supported'],
    ['a success policy', { successPolicy: {} }, 'spec.successPolicy', 'not supported'],
    [
      'a failure rule per index',
      { ...rule({ action: 'FailIndex', onExitCodes: byCode }) },
      'spec.podFailurePolicy.rules[0].action',
      '"FailIndex"',
    ],
    [
      'a failure rule about nothing',
      { ...rule({ action: 'Count' }) },
      'spec.podFailurePolicy.rules[0]',
      'exit codes or',
    ],
    [
      'a failure policy beside OnFailure',
      { ...rule({ action: 'Count', onExitCodes: byCode }), ...withRestartPolicy('OnFailure') },
      'spec.podFailurePolicy',
      'OnFailure',
    ],
  ])('%s', (_name, spec, path, text) => {
    const reading = readBatchJobSpec(storedJob(spec));
    if (reading.valid) throw new Error('the job is taken for valid');
    expect(reading.issues.map((issue) => formatPath(issue.path))).toEqual([path]);
    expect(reading.issues[0]?.message).toContain(text);
  });
});

describe('completed indexes', () => {
  test.each<[number[], string]>([
    [[], ''],
    [[3], '3'],
    [[4, 2, 0, 3], '0,2-4'],
    [[1, 1, 2], '1-2'],
  ])('%j are written %s', (indexes, text) => {
    expect(formatIndexes(indexes)).toBe(text);
  });

  test('are read as they were written', () => {
    const indexes = fc.uniqueArray(fc.nat({ max: 200 }));
    fc.assert(
      fc.property(indexes, (list) => {
        expect(parseIndexes(formatIndexes(list))).toEqual([...list].sort((a, b) => a - b));
      }),
    );
  });

  test('that are nonsense are none', () => {
    expect(parseIndexes('a,-1,3-1,5')).toEqual([5]);
  });
});
