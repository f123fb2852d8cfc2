import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { katydid, temporaryFolder } from '../support/command.ts';

interface Report {
  status: string;
  reason: string;
  currentOptimalTrial: {
    bestTrialName: string;
    observation: { metrics: { name: string; max: string; min: string }[] };
  };
  trials: { total: number; succeeded: number; failed: number; earlyStopped: number };
}

interface Trial {
  metadata: { name: string; labels: Record<string, string> };
  spec: { parameterAssignments: { name: string; value: string }[] };
  status: { earlyStopping?: { step: number } };
}

async function runExample(file: string, dataDir: string): Promise<Report> {
  const { code, stdout, stderr } = await katydid(['run', file, '--data-dir', dataDir, '-o', 'json']);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Report;
}

function metric(report: Report, name: string): { max: string; min: string } {
  const found = report.currentOptimalTrial.observation.metrics.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`the best trial has no ${name}`);
  return found;
}

async function trialsOf(experiment: string, dataDir: string): Promise<Trial[]> {
  const args = ['get', 'trials', '--experiment', experiment, '--data-dir', dataDir, '-o', 'json'];
  const { stdout, stderr } = await katydid(args);
  expect(stdout, stderr).not.toBe('');
  return (JSON.parse(stdout) as { items: Trial[] }).items;
}

/** What the training of a trial has saved. */
function checkpointOf(claim: string, trial: string): Record<string, number> {
  return JSON.parse(readFileSync(join(claim, trial, 'checkpoint.json'), 'utf8')) as Record<string, number>;
}

describe('the examples', () => {
  it('digits: TFJobs of four processes train a classifier to at least 95 % accuracy', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/digits/experiment.yaml', folder.path);
    expect(report.trials.failed).toBe(0);
    expect(report.trials.succeeded).toBe(report.trials.total);
    expect(Number(metric(report, 'accuracy').max)).toBeGreaterThanOrEqual(0.95);

    const curves = await katydid([
      'export',
      'digits',
      '--what',
      'curves',
      '-o',
      'csv',
      '--data-dir',
      folder.path,
    ]);
    const [header, ...rows] = curves.stdout.trim().split('\n');
    expect(header).toBe('trial,metric,step,time,value,source');
    const accuracies = rows.filter((row) => row.startsWith('digits-0,accuracy,'));
    expect(accuracies.length, 'one accuracy per epoch').toBeGreaterThan(2);
  });

  it('report-by-http: every trial reports its curve by HTTP, and nothing is printed', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/report-by-http/experiment.yaml', folder.path);
    expect(report.trials).toMatchObject({ total: 4, succeeded: 4 });
    const args = ['export', 'report-by-http', '--what', 'curves', '-o', 'csv', '--data-dir', folder.path];
    const [, ...rows] = (await katydid(args)).stdout.trim().split('\n');
    expect(rows.filter((row) => row.includes(',loss,'))).toHaveLength(4 * 5);
  });

  it('initial-trials: what is known is tried first, and a search that nobody named goes on from it', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/initial-trials/experiment.yaml', folder.path);
    expect(report.trials).toMatchObject({ total: 14, succeeded: 14 });
    const trials = await trialsOf('initial-trials', folder.path);
    const valuesOf = (name: string): string[] | undefined =>
      trials
        .find(({ metadata }) => metadata.name === name)
        ?.spec.parameterAssignments.map(({ value }) => value);
    expect(valuesOf('initial-trials-0')).toEqual(['0.003', '3', 'adam']);
    expect(valuesOf('initial-trials-1')).toEqual(['0.1', '2', 'sgd']);
    // The seed stands in the file: a preview foretells what is tried before there are results to learn from.
    const args = ['preview', 'examples/initial-trials/experiment.yaml', '--count', '4', '-o', 'json'];
    const { suggestions } = JSON.parse((await katydid(args)).stdout) as { suggestions: Trial['spec'][] };
    expect(suggestions.map(({ parameterAssignments }) => parameterAssignments[0]?.value)).toEqual(
      [0, 1, 2, 3].map((index) => valuesOf(`initial-trials-${index}`)?.[0]),
    );
  });

  it('prometheus-metrics: every trial is asked for the metrics that it serves, two at a time', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/prometheus-metrics/experiment.yaml', folder.path);
    expect(report.trials).toMatchObject({ total: 4, succeeded: 4 });
    const args = [
      'export',
      'prometheus-metrics',
      '--what',
      'curves',
      '-o',
      'json',
      '--data-dir',
      folder.path,
    ];
    const points = JSON.parse((await katydid(args)).stdout) as {
      trial: string;
      metric: string;
      step: number;
    }[];
    for (const name of ['loss{split="val"}', 'loss{split="train"}']) {
      const curve = points.filter((point) => point.metric === name);
      expect(new Set(curve.map(({ trial }) => trial)).size).toBe(4);
      // A busy computer may look less often than an epoch takes.
      expect(curve.every(({ step }) => step >= 1 && step <= 3)).toBe(true);
    }
  });

  it('early-stopping: trials that fall behind are ended, the best one is not, and a replay finds the same', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/early-stopping/experiment.yaml', folder.path);
    const { total, succeeded, earlyStopped } = report.trials;
    expect(earlyStopped).toBeGreaterThan(0);
    expect(succeeded + earlyStopped).toBe(total);
    const where = ['--data-dir', folder.path, '-o', 'json'];
    const listed = await katydid(['get', 'trials', '--experiment', 'early-stopping', ...where]);
    const { items } = JSON.parse(listed.stdout) as { items: Trial[] };
    const stopped = items.filter(({ status }) => status.earlyStopping);
    expect(stopped).toHaveLength(earlyStopped);
    expect(stopped.map(({ metadata }) => metadata.name)).not.toContain(
      report.currentOptimalTrial.bestTrialName,
    );
    for (const { status } of stopped) expect([3, 9]).toContain(status.earlyStopping?.step);

    const rule = ['--rule', 'asha', '--set', 'min_resource=3', '--set', 'max_resource=27'];
    const replayed = await katydid(['replay', 'early-stopping', ...rule, ...where]);
    const [replay] = (JSON.parse(replayed.stdout) as { replays: { stopped: number; isBestLost: boolean }[] })
      .replays;
    expect(replay?.isBestLost).toBe(false);
    expect(replay?.stopped).toBeGreaterThan(0);
  });

  it('cmaes: forty trials come near to the best network there is', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/cmaes/experiment.yaml', folder.path);
    expect(report.trials).toMatchObject({ total: 40, succeeded: 40 });
    expect(Number(metric(report, 'loss').min)).toBeLessThan(0.25);
  });

  it.each(['hyperband', 'asha'])(
    '%s: the best trials go on from their checkpoints, and train only what is missing',
    async (name) => {
      using folder = temporaryFolder();
      const report = await runExample(`examples/hyperband/${name}.yaml`, folder.path);
      expect(report.trials.succeeded).toBe(report.trials.total);
      const trials = await trialsOf(name, folder.path);
      const epochs = trials.map(
        ({ spec }) => spec.parameterAssignments.find((one) => one.name === 'epochs')?.value,
      );
      expect(new Set(epochs)).toEqual(new Set(['1', '3', '9']));
      const child = trials.find(
        ({ metadata: { labels } }) => labels['katydid.dev/parent'] && labels['katydid.dev/rung'] === '1',
      );
      const log = await katydid(['logs', child?.metadata.name ?? '', '--data-dir', folder.path]);
      expect(log.stdout).toContain(
        `goes on from ${child?.metadata.labels['katydid.dev/parent'] ?? ''} after epoch 1\n`,
      );
      expect(log.stdout.match(/epoch=\d+/g)).toEqual(['epoch=2', 'epoch=3']);
    },
  );

  it('pbt: every trial goes on from the checkpoint of its parent, which may be another member', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/pbt/experiment.yaml', folder.path);
    expect(report.trials).toMatchObject({ total: 30, succeeded: 30 });
    expect(Number(metric(report, 'quality').max)).toBeGreaterThan(1);
    const claim = join(folder.path, 'pvc/default/pbt-pbt');
    const trials = await trialsOf('pbt', folder.path);
    const labelled = (name: string): Map<string, string | undefined> =>
      new Map(trials.map(({ metadata }) => [metadata.name, metadata.labels[name]]));
    const member = labelled('katydid.dev/member');
    const parents = [...labelled('pbt.suggestion.katib.kubeflow.org/parent')];
    expect(parents.some(([child, parent = child]) => member.get(child) !== member.get(parent))).toBe(true);
    for (const [child, parent] of parents) {
      const before = parent === undefined ? 0 : (checkpointOf(claim, parent)['step'] ?? 0);
      expect(checkpointOf(claim, child)['step']).toBe(before + 4);
    }
  });

  it('shell-job: a batch Job that prints its loss ends with the best parameters in text, JSON and CSV', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/shell-job/experiment.yaml', folder.path);
    expect(report.trials.succeeded).toBe(report.trials.total);
    const best = metric(report, 'loss').min;
    const inFormat = (format: string): Promise<{ stdout: string }> =>
      katydid(['best', 'shell-job', '--data-dir', folder.path, '-o', format]);
    expect((await inFormat('text')).stdout).toContain(report.currentOptimalTrial.bestTrialName);
    expect(JSON.parse((await inFormat('json')).stdout)).toMatchObject({ value: Number(best) });
    expect((await inFormat('csv')).stdout.split('\n')[0]).toMatch(/^trial,loss,/);
  });

  it('pytorchjob: a master and two workers average their gradients, and their loss becomes small', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/pytorchjob/experiment.yaml', folder.path);
    expect(report.trials).toMatchObject({ total: 6, succeeded: 6 });
    // A training that does not learn stays near 7.
    expect(Number(metric(report, 'loss').min)).toBeLessThan(0.001);

    const trial = ['pytorchjob-0', '--data-dir', folder.path];
    const logs = await katydid(['logs', ...trial, '--pod', 'pytorchjob-0-worker-1']);
    expect(logs.stdout).toContain('rank 2 of 3 trains');
    const described = await katydid(['describe', ...trial]);
    expect(described.stdout).toContain('loss');
  });

  it('seed-manifest: a v1beta2 TFJob exports a model per trial to its volume', async () => {
    using folder = temporaryFolder();
    const report = await runExample('examples/seed-manifest/experiment.yaml', folder.path);
    expect(report.trials.failed).toBe(0);
    const claim = join(folder.path, 'pvc/default/local-path-pvc');
    expect(existsSync(claim)).toBe(true);
    const models = readdirSync(claim, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('model.json'),
    );
    expect(models).toHaveLength(report.trials.total);
  });
});
