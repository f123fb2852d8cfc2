import { describe, expect, it } from 'vitest';
import type { CollectorKind } from '../../../core/experiment.ts';
import type { CollectionReport, LogTail } from '../../../core/observation.ts';
import { explainMissingMetrics } from '../../../controller/trial/explain-missing-metrics.ts';
import type { Explanation } from '../../../controller/trial/explanation.ts';

function explained(
  report: Partial<CollectionReport> | null,
  kind: CollectorKind = 'StdOut',
  path?: string,
): Explanation {
  const full = { read: 10, found: { accuracy: 0 }, otherNames: {}, notNumbers: {}, problems: [], ...report };
  return explainMissingMetrics({
    objectiveMetric: 'accuracy',
    collector: { collector: { kind }, ...(path !== undefined && { source: { fileSystemPath: { path } } }) },
    reports: report === null ? {} : { 'p/training': full },
    logTails: [],
    primaryContainer: 'training',
  });
}

describe('explainMissingMetrics', () => {
  it.each<[string, Partial<CollectionReport> | null, CollectorKind, string, string]>([
    ['nothing was written', { read: 0 }, 'StdOut', 'METRICS_NO_OUTPUT', 'wrote nothing'],
    [
      'the file never appeared',
      { read: 0, problems: ['m.log never appeared'] },
      'File',
      'METRICS_FILE_MISSING',
      '/out/m.log',
    ],
    ['no event file appeared', { read: 0 }, 'TensorFlowEvent', 'METRICS_FILE_MISSING', '/out/m.log'],
    ['no line matched', {}, 'StdOut', 'METRICS_NO_LINE_MATCHED', '10 lines or records were read'],
    [
      'other names were seen',
      { otherNames: { lr: 2, 'val/acc': 12 } },
      'StdOut',
      'METRICS_OTHER_NAMES_SEEN',
      '"val/acc" (12×), "lr" (2×)',
    ],
    [
      'only additional metrics were seen',
      { found: { accuracy: 0, loss: 4 } },
      'StdOut',
      'METRICS_OTHER_NAMES_SEEN',
      '"loss" (4×)',
    ],
    [
      'it was no number',
      { notNumbers: { accuracy: 'tensor(0.5)' } },
      'StdOut',
      'METRICS_NOT_A_NUMBER',
      '"tensor(0.5)"',
    ],
    [
      'the format is another',
      { problems: ['line 1 is not JSON'] },
      'File',
      'METRICS_UNREADABLE',
      'line 1 is not JSON',
    ],
    [
      'the collector never finished',
      null,
      'StdOut',
      'METRICS_COLLECTOR_NEVER_FINISHED',
      'its collector never finished',
    ],
    [
      'nobody answered',
      { read: 0, unanswered: 'http://127.0.0.1:8080/metrics: ECONNREFUSED' },
      'PrometheusMetric',
      'METRICS_ENDPOINT_UNREACHABLE',
      'http://127.0.0.1:8080/metrics: ECONNREFUSED',
    ],
    [
      'the endpoint is another',
      { read: 0, problems: ['answered 404 Not Found'] },
      'PrometheusMetric',
      'METRICS_UNREADABLE',
      'answered 404 Not Found',
    ],
    [
      'the endpoint has nothing',
      { read: 0 },
      'PrometheusMetric',
      'METRICS_NO_OUTPUT',
      'without a single metric',
    ],
    ['nothing was pushed', null, 'Push', 'METRICS_NEVER_PUSHED', 'pushed none'],
    ['there is no collector', null, 'None', 'METRICS_NO_COLLECTOR', 'no collector'],
  ])('says that %s', (_, report, kind, code, cause) => {
    const found = explained(report, kind, '/out/m.log');
    expect(found.code).toBe(code);
    expect(found.cause).toContain(cause);
    expect(found.remedy).not.toBe('');
  });

  it.each([
    ['acuracy', 'acuracy'],
    ['Accuracy', 'Accuracy'],
    ['val/accuracy', 'val/accuracy'],
    ['acc', 'acc'],
  ])('guesses that %s was meant', (seen, meant) => {
    expect(explained({ otherNames: { zzz: 50, [seen]: 3 } }).remedy).toContain(`Did you mean "${meant}"?`);
  });

  it('tells a training that serves its metrics to expose them', () => {
    const { remedy } = explained({ otherNames: { 'accuracy{a="b"}': 3 } }, 'PrometheusMetric');
    expect(remedy).toBe(
      'Did you mean "accuracy{a="b"}"? Set objective.objectiveMetricName to "accuracy{a="b"}", or expose "accuracy".',
    );
  });

  it('guesses nothing where no name is near', () => {
    expect(explained({ otherNames: { zzz: 50 } }).remedy).not.toContain('Did you mean');
  });

  it('names a few of many', () => {
    const otherNames = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`q${at}`, 40 - at]));
    expect(explained({ otherNames }).cause).toContain('"q4" (36×) and 35 more.');
  });
});

describe('a collector of the own that says nothing', () => {
  const tail = { trialUid: 'u', pod: 'p', restartCount: 0, timeMs: 0, exitCode: 0, reason: 'Completed' };
  const collector = {
    collector: { kind: 'Custom', customCollector: { name: 'mine', image: 'mine' } },
  } as const;
  const told = (mine: Partial<LogTail>): Explanation =>
    explainMissingMetrics({
      objectiveMetric: 'loss',
      collector,
      reports: { 'p/mine': { read: 0, found: { loss: 0 }, otherNames: {}, notNumbers: {}, problems: [] } },
      logTails: [
        { ...tail, container: 'mine', text: 'no file yet', ...mine },
        { ...tail, container: 'training', text: 'epoch 1' },
      ],
      primaryContainer: 'training',
    });

  it.each<[Partial<LogTail>, string]>([
    [{ exitCode: 0 }, ''],
    [{ exitCode: 143 }, ''],
    [{ exitCode: 3, reason: 'Error' }, ' It ended with exit code 3.'],
    [{ exitCode: 128, reason: 'StartError' }, ' It could not be started.'],
  ])('is told with how it ended (%j) and its own last lines', (mine, how) => {
    const { code, cause, lastLogLines } = told(mine);
    expect(code).toBe('METRICS_COLLECTOR_SILENT');
    expect(cause).toBe(
      `Container "mine" reported no value of "loss", neither on its output nor over HTTP.${how}`,
    );
    expect(lastLogLines).toEqual(['no file yet']);
  });
});
