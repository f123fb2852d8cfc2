import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { katydid, temporaryFolder } from '../support/command.ts';

/* Collectors beside real trainings, two trials at a time. Every trial reports x + 2, x + 1 and x as its loss. */

interface Collected {
  name: string;
  collector: object;
  /** The training, in JavaScript; `x` is there. */
  training: string;
}

/** A collector of the own in JavaScript. */
function custom(script: string): object {
  const customCollector = { name: 'mine', image: 'none', command: [process.execPath, '-e', script] };
  const source = { fileSystemPath: { path: '/results/values.txt', kind: 'File' } };
  return { collector: { kind: 'Custom', customCollector }, source };
}

/** Waits for the collector, writes `<step> <value>` lines for it, and ends. */
const WRITE_VALUES = `
  const fs = require('node:fs');
  const folder = process.env.KATIB_MOUNT_METRICS_VOLUME;
  const lines = [x + 2, x + 1, x].map((value, at) => at + 1 + ' ' + value + '\\n');
  const timer = setInterval(() => {
    if (!fs.existsSync(folder + '/ready')) return;
    fs.writeFileSync(folder + '/values.txt', lines.join(''));
    clearInterval(timer);
  }, 20);`;

/** Reads them when the training has ended, and hands them to `report`. */
const READ_VALUES = `
  const fs = require('node:fs');
  const folder = process.env.KATIB_MOUNT_METRICS_VOLUME;
  process.once('SIGTERM', () => {
    const lines = fs.readFileSync(folder + '/values.txt', 'utf8').trim().split('\\n');
    report(lines.map((line) => line.split(' ').map(Number)));
  });
  setInterval(() => {}, 1000);
  fs.writeFileSync(folder + '/ready', '');`;

const COLLECTED: Collected[] = [
  {
    name: 'custom-by-output',
    collector: custom(`${READ_VALUES}
      const report = (values) => {
        for (const [step, value] of values) console.log('step=' + step + ' loss=' + value);
        process.exit(3);
      };`),
    training: WRITE_VALUES,
  },
  {
    name: 'custom-over-http',
    collector: custom(`${READ_VALUES}
      const report = async (values) => {
        const body = JSON.stringify(values.map(([step, loss]) => ({ step, loss })));
        const headers = { 'content-type': 'application/json' };
        await fetch(process.env.KATYDID_REPORT_URL, { method: 'POST', headers, body });
        process.exit(0);
      };`),
    training: WRITE_VALUES,
  },
  {
    name: 'custom-of-katib',
    collector: {
      collector: {
        kind: 'Custom',
        customCollector: {
          name: 'metrics-logger-and-collector',
          image: 'ghcr.io/kubeflow/katib/file-metrics-collector:v0.19.0',
          args: [
            '-t',
            'any',
            '-m',
            'loss',
            '-o-type',
            'minimize',
            '-s-db',
            'db:6789',
            '-path',
            '/results/log.txt',
          ],
        },
      },
      source: { fileSystemPath: { path: '/results/log.txt', kind: 'File' } },
    },
    training: `
      const lines = [x + 2, x + 1, x].map((value, at) => 'epoch=' + (at + 1) + ' loss=' + value);
      require('node:fs').writeFileSync(process.env.KATIB_MOUNT_METRICS_VOLUME + '/log.txt', lines.join('\\n'));`,
  },
  {
    name: 'prometheus-metric',
    collector: { collector: { kind: 'PrometheusMetric' }, source: { httpGet: { path: '/metrics' } } },
    // One value for each time that it is asked, with time to be asked once more than needed.
    training: `
      const values = [x + 2, x + 1, x];
      let asked = 0;
      require('node:http')
        .createServer((request, response) => {
          const at = Math.min(asked++, 2);
          response.end('# TYPE loss gauge\\nloss{split="val"} ' + values[at] + '\\nepoch ' + (at + 1) + '\\n');
          if (asked === 4) setTimeout(() => process.exit(0), 50);
        })
        .listen(Number(process.env.KATYDID_METRICS_PORT), '127.0.0.1');`,
  },
];

function experiment({ name, collector }: Collected, script: string): object {
  const container = {
    name: 'main',
    image: 'none',
    command: [process.execPath, script, '${trialParameters.x}'],
  };
  return {
    apiVersion: 'kubeflow.org/v1beta1',
    kind: 'Experiment',
    metadata: { name },
    spec: {
      objective: { type: 'minimize', objectiveMetricName: 'loss' },
      algorithm: { algorithmName: 'random' },
      ...{ parallelTrialCount: 2, maxTrialCount: 4, maxFailedTrialCount: 1 },
      metricsCollectorSpec: collector,
      parameters: [{ name: 'x', parameterType: 'double', feasibleSpace: { min: '0', max: '1' } }],
      trialTemplate: {
        primaryContainerName: 'main',
        trialParameters: [{ name: 'x', reference: 'x' }],
        trialSpec: {
          apiVersion: 'batch/v1',
          kind: 'Job',
          spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [container] } } },
        },
      },
    },
  };
}

/** The rows of an export. */
async function exported<Row>(folder: string, name: string, what: 'trials' | 'curves'): Promise<Row[]> {
  const { stdout } = await katydid(['export', name, '--what', what, '-o', 'json'], { cwd: folder });
  return JSON.parse(stdout) as Row[];
}

it.each(COLLECTED)('$name: every value of every trial is recorded, once', async (collected) => {
  using folder = temporaryFolder();
  const script = path.join(folder.path, 'train.cjs');
  const file = path.join(folder.path, 'experiment.yaml');
  writeFileSync(script, `const x = Number(process.argv[2]);\n${collected.training}\n`);
  writeFileSync(file, stringify(experiment(collected, script)));
  const run = await katydid(['run', file, '-o', 'json'], { cwd: folder.path });
  expect(run.code, run.stderr).toBe(0);
  const trials = await exported<{ trial: string; 'parameter.x': number }>(
    folder.path,
    collected.name,
    'trials',
  );
  const curves = await exported<{ trial: string; step: number; value: number }>(
    folder.path,
    collected.name,
    'curves',
  );
  expect(trials).toHaveLength(4);
  for (const { trial, 'parameter.x': x } of trials) {
    const points = curves.filter((point) => point.trial === trial).map(({ step, value }) => [step, value]);
    expect(points).toEqual([
      [1, x + 2],
      [2, x + 1],
      [3, x],
    ]);
  }
});
