import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/random.ts';
import { katydid, startKatydid, temporaryFolder } from '../support/command.ts';

const TRIALS = 30;
const CRASHES = 10;

/** Each training that reaches its end leaves its trial's name in a ledger. */
function experimentYaml(ledger: string, mark: string): string {
  return `
apiVersion: kubeflow.org/v1beta1
kind: Experiment
metadata: { name: crash }
spec:
  objective: { type: minimize, objectiveMetricName: loss }
  algorithm: { algorithmName: random }
  parallelTrialCount: 3
  maxTrialCount: ${TRIALS}
  parameters:
    - { name: x, parameterType: double, feasibleSpace: { min: '0', max: '1' } }
  trialTemplate:
    primaryContainerName: main
    trialParameters:
      - { name: x, reference: x }
      - { name: trial, reference: '\${trialSpec.Name}' }
    trialSpec:
      apiVersion: batch/v1
      kind: Job
      spec:
        template:
          spec:
            restartPolicy: Never
            containers:
              - name: main
                image: none
                command:
                  - sh
                  - -c
                  - |
                    : ${mark}
                    sleep 0.4
                    echo loss=\${trialParameters.x}
                    sleep 0.4
                    echo \${trialParameters.trial} >> ${ledger}
`;
}

function processesMarked(mark: string): string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(mark));
}

interface TrialList {
  items: { metadata: { name: string }; status: { conditions: { type: string; status: string }[] } }[];
}

describe('kill -9 of katydid run', () => {
  it(`at ${CRASHES} random moments, each followed by the same command, ends with exactly ${TRIALS} trials`, async () => {
    using folder = temporaryFolder();
    const mark = `katydid-crash-${process.pid}-${Date.now()}`;
    const ledger = join(folder.path, 'ledger');
    const file = join(folder.path, 'experiment.yaml');
    const dataDir = join(folder.path, 'data');
    writeFileSync(file, experimentYaml(ledger, mark));
    const run = ['run', file, '--data-dir', dataDir, '-o', 'json'];
    const random = randomStream('crash moments');

    for (let crash = 0; crash < CRASHES; crash++) {
      const { process: running, finished } = startKatydid(run);
      await delay(300 + random.integer(2500));
      running.kill('SIGKILL');
      await finished;
    }
    const last = await katydid(run);

    expect(last.stderr).not.toContain('error');
    expect(last.code).toBe(0);
    expect(JSON.parse(last.stdout)).toMatchObject({
      status: 'Succeeded',
      trials: { total: TRIALS, succeeded: TRIALS, failed: 0 },
    });
    const listed = await katydid(['get', 'trials', '--data-dir', dataDir, '-o', 'json']);
    const { items } = JSON.parse(listed.stdout) as TrialList;
    const names = items.map(({ metadata }) => metadata.name);
    expect(names).toEqual(Array.from({ length: TRIALS }, (_, index) => `crash-${index}`));
    // A training whose end the killed service did not see any more is started over: for the trial that is one run.
    const completed = new Set(readFileSync(ledger, 'utf8').trim().split('\n'));
    expect(completed, 'every training ran to its end').toEqual(new Set(names));
    expect(processesMarked(mark), 'no process is left behind').toEqual([]);
  });
});
