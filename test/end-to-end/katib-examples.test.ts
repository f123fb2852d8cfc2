import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  EXAMPLES_ARE_ABSENT,
  katibExamples,
  missingFor,
  runnableVariant,
} from '../katib-examples/examples.ts';
import { katydid, ROOT, temporaryFolder } from '../support/command.ts';

/*
 * Katib's own examples, all at once in one service: only what is not there yet is changed, and the programs of the images are
 * stood in for. They need hundreds of processes.
 */

const EXAMPLES = katibExamples().filter((example) => missingFor(example).jobKind === null);
const CONFIG = join(ROOT, 'test/katib-examples/stand-ins/katydid.config.yaml');

interface Report {
  experiment: string;
  status: string;
  reason: string;
  currentOptimalTrial: {
    bestTrialName: string;
    parameterAssignments: { name: string; value: string }[];
    observation: { metrics: { name: string; min: string; max: string; latest: string }[] };
  };
  trials: { total: number; succeeded: number; earlyStopped: number };
}

describe.skipIf(EXAMPLES_ARE_ABSENT)("Katib's examples", () => {
  const folder = temporaryFolder();
  const dataDir = join(folder.path, 'data');
  let reports: Report[] = [];

  beforeAll(async () => {
    const files = EXAMPLES.map((example) => {
      const file = join(folder.path, example.file);
      writeFileSync(file, stringify(runnableVariant(example)));
      return file;
    });
    const options = ['--config', CONFIG, '--data-dir', dataDir, '--timeout', '10m', '-o', 'json'];
    const { stdout, stderr } = await katydid(['run', ...files, ...options], { cwd: folder.path });
    expect(stdout, stderr).not.toBe('');
    reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Report);
  }, 660_000);

  afterAll(() => folder[Symbol.dispose]());

  function reportOf(experiment: string): Report {
    const report = reports.find((candidate) => candidate.experiment === experiment);
    if (!report) throw new Error(`nothing is reported about ${experiment}`);
    return report;
  }

  function metricOf(experiment: string, name: string): { min: number; max: number; latest: number } {
    const { metrics } = reportOf(experiment).currentOptimalTrial.observation;
    const { min, max, latest } = metrics.find((metric) => metric.name === name) ?? {};
    return { min: Number(min), max: Number(max), latest: Number(latest) };
  }

  async function curvesOf(experiment: string): Promise<string[][]> {
    const args = [
      'export',
      experiment,
      '-n',
      'kubeflow',
      '--what',
      'curves',
      '-o',
      'csv',
      '--data-dir',
      dataDir,
    ];
    const { stdout, stderr } = await katydid(args);
    const [, ...rows] = stdout.trim().split('\n');
    expect(rows, stderr).not.toEqual([]);
    return rows.map((row) => row.split(','));
  }

  it.each(EXAMPLES)('$file runs all its trials and has a best one', ({ experiment: { metadata, spec } }) => {
    const report = reportOf(metadata.name ?? '');
    const { maxTrialCount, earlyStopping } = spec;
    expect(report).toMatchObject({
      status: 'Succeeded',
      reason: 'ExperimentMaxTrialsReached',
      trials: { total: maxTrialCount, failed: 0, metricsUnavailable: 0 },
    });
    const { succeeded, earlyStopped } = report.trials;
    expect(succeeded + earlyStopped).toBe(maxTrialCount);
    if (earlyStopping === undefined) expect(earlyStopped).toBe(0);
    const best = report.currentOptimalTrial;
    expect(best.bestTrialName).toMatch(new RegExp(`^${metadata.name ?? ''}-`));
    expect(best.observation.metrics.map(({ name }) => name)).toEqual([
      spec.objective.objectiveMetricName,
      ...(spec.objective.additionalMetricNames ?? []),
    ]);
  });

  it('file-metrics-collector.yaml: the filter finds two metrics in a line', () => {
    expect(metricOf('file-metrics-collector', 'accuracy').max).toBeGreaterThan(0.3);
    expect(metricOf('file-metrics-collector', 'loss').min).toBeGreaterThan(0.3);
  });

  it('metrics-collection-strategy.yaml: the accuracy is not among the lines that the default filter reads', () => {
    // A metric without a value is told as such: the objective is there, which is enough.
    const { metrics } = reportOf('metrics-collection-strategy').currentOptimalTrial.observation;
    expect(metrics.find(({ name }) => name === 'accuracy')).toMatchObject({ max: 'unavailable' });
  });

  it('median-stop-with-json-format.yaml: a file that is written anew for each report gives every point once', async () => {
    const points = (await curvesOf('median-stop-with-json-format')).map(([trial, metric, step]) =>
      [trial, metric, step].join(' '),
    );
    expect(new Set(points).size).toBe(points.length);
    const { bestTrialName } = reportOf('median-stop-with-json-format').currentOptimalTrial;
    for (const metric of ['accuracy', 'loss'])
      for (const step of [1, 2, 3]) expect(points).toContain(`${bestTrialName} ${metric} ${step}`);
  });

  it('tfjob-mnist-with-summaries.yaml: both workers report what they wrote for the test, not for the training', async () => {
    const rows = await curvesOf('tfjob-mnist-with-summaries');
    const ofFirst = rows.filter(([trial]) => trial === 'tfjob-mnist-with-summaries-0');
    expect(ofFirst.filter(([, metric]) => metric === 'accuracy')).toHaveLength(2);
    expect(rows.every(([, metric, , , value]) => metric !== 'accuracy' || Number(value) < 0.95)).toBe(true);
  });

  it('pytorchjob-mnist.yaml: the processes of a trial meet, and the master alone reports', async () => {
    const trial = ['pytorchjob-mnist-0', '-n', 'kubeflow', '--data-dir', dataDir];
    const { stdout } = await katydid(['logs', ...trial, '--pod', 'pytorchjob-mnist-0-worker-0']);
    expect(stdout).toContain('Using distributed PyTorch');
    const sources = (await curvesOf('pytorchjob-mnist')).map((row) => row.at(-1));
    expect(sources.filter((source) => !source?.includes('master'))).toEqual([]);
  });

  it('enas-cpu.yaml: the network reaches the program although its arguments are quoted as for a shell', async () => {
    const trial = [
      reportOf('enas-cpu').currentOptimalTrial.bestTrialName,
      '-n',
      'kubeflow',
      '--data-dir',
      dataDir,
    ];
    expect((await katydid(['logs', ...trial])).stdout).toMatch(/layer of (convolution|reduction)/);
  });
});
