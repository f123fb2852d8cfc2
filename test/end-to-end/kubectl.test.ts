import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finished, Started } from '../support/command.ts';
import { ROOT, startKatydid, temporaryFolder } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';

const EXPERIMENT = join(ROOT, 'examples/shell-job/experiment.yaml');
const POD = `apiVersion: v1
kind: Pod
metadata: { name: talker, labels: { step: one } }
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
    - name: main
      image: busybox
      command: [sh, -c, 'for i in 1 2 3; do echo line $i; sleep 0.3; done']
`;

const HAS_KUBECTL = spawnSync('kubectl', ['version', '--client']).status === 0;
const TITLE = HAS_KUBECTL ? 'kubectl' : 'kubectl [skipped: there is no kubectl on this computer]';

describe.skipIf(!HAS_KUBECTL)(TITLE, () => {
  const folder = temporaryFolder();
  const environment = { ...process.env, KUBECONFIG: join(folder.path, 'kubeconfig'), HOME: folder.path };
  let serving: Started;

  /** Runs kubectl to its end; `input` is what `-f -` reads. */
  function kubectl(args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Finished> {
    return new Promise((resolve) => {
      const child = execFile(
        'kubectl',
        args,
        { env: { ...environment, ...env }, timeout: 60_000 },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  }

  async function succeed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await kubectl(args);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  beforeAll(async () => {
    serving = startKatydid(['serve', '--data-dir', folder.path]);
    const ready = new Promise((resolve) => serving.process.stdout?.once('data', resolve));
    await Promise.race([ready, serving.finished.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  });
  afterAll(async () => {
    serving.process.kill('SIGTERM');
    const { code, stderr } = await serving.finished;
    folder[Symbol.dispose]();
    expect(code, stderr).toBe(0);
  });

  it('applies an experiment, watches it, waits for it and reads the best trial', async () => {
    const watching = spawn('kubectl', ['get', 'experiments', '-w'], { env: environment });
    const watched = outputOf(watching);
    expect(await succeed('apply', '-f', EXPERIMENT)).toContain('experiment.kubeflow.org/shell-job created');
    await succeed('wait', '--for=condition=Succeeded', 'experiment/shell-job', '--timeout=60s');
    const path = 'jsonpath={.status.currentOptimalTrial.bestTrialName}';
    expect(await succeed('get', 'experiment', 'shell-job', '-o', path)).toMatch(/^shell-job-\d+$/);
    expect(await succeed('get', 'trials')).toMatch(/^NAME +TYPE +STATUS +AGE\nshell-job-0 +Succeeded +True/);
    expect(await succeed('get', 'katib')).toContain('suggestion.kubeflow.org/shell-job');
    const description = await succeed('describe', 'experiment', 'shell-job');
    expect(description).toMatch(/Objective Metric Name: +loss/);
    expect(description).toContain('ExperimentMaxTrialsReached');
    expect(await succeed('apply', '-f', EXPERIMENT)).toContain('unchanged');
    watching.kill();
    const lines = (await watched).split('\n');
    expect(lines[0]).toMatch(/^NAME +TYPE +STATUS +AGE/);
    expect(lines.some((line) => /^shell-job +Running/.test(line))).toBe(true);
    expect(lines.some((line) => /^shell-job +Succeeded/.test(line))).toBe(true);
  });

  it('refuses what is wrong, in the words of the specification', async () => {
    const wrong = `apiVersion: kubeflow.org/v1beta1\nkind: Experiment\nmetadata: { name: wrong }\nspec: { maxTrialCuont: 3 }\n`;
    const { code, stderr } = await kubectl(['apply', '-f', '-'], wrong);
    expect(code).not.toBe(0);
    expect(stderr).toContain('maxTrialCuont');
    const server = await kubectl(['apply', '--server-side', '-f', EXPERIMENT]);
    expect(server.code).not.toBe(0);
    expect(server.stderr).toContain('server-side apply is not supported');
  });

  it('runs a pod, follows its log, changes and deletes it', async () => {
    expect((await kubectl(['apply', '-f', '-'], POD)).stdout).toContain('pod/talker created');
    await eventually(async () => expect(await succeed('get', 'pod', 'talker')).not.toContain('Pending'));
    expect(await succeed('logs', '-f', 'talker')).toBe('line 1\nline 2\nline 3\n');
    expect(await succeed('logs', 'talker', '--tail=1')).toBe('line 3\n');
    await succeed('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/talker', '--timeout=20s');
    expect(await succeed('describe', 'pod', 'talker')).toMatch(/Exit Code: +0/);
    const changed = await kubectl(['apply', '-f', '-'], POD.replace('step: one', 'step: two'));
    expect(changed.stdout).toContain('pod/talker configured');
    await succeed('patch', 'pod', 'talker', '-p', '{"metadata":{"labels":{"patched":"strategic"}}}');
    await succeed('label', 'pod', 'talker', 'added=yes');
    const editor = join(folder.path, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/step: two/step: three/" "$1"\n');
    chmodSync(editor, 0o755);
    const edited = await kubectl(['edit', 'pod', 'talker'], '', { KUBE_EDITOR: editor });
    expect(edited.stdout, edited.stderr).toContain('pod/talker edited');
    const labels = JSON.parse(
      await succeed('get', 'pod', 'talker', '-o', 'jsonpath={.metadata.labels}'),
    ) as unknown;
    expect(labels).toEqual({ step: 'three', patched: 'strategic', added: 'yes' });
    expect(await succeed('delete', 'pod', 'talker')).toContain('deleted');
    const gone = await kubectl(['get', 'pod', 'talker']);
    expect(gone.stderr).toContain('pods "talker" not found');
  });

  it('changes custom resources by merge and edit, and not in a dry run', async () => {
    const target = ['experiment', 'shell-job'];
    await succeed('patch', ...target, '--type=merge', '-p', '{"metadata":{"labels":{"by":"merge"}}}');
    await succeed('label', ...target, 'tried=yes', '--dry-run=server');
    const editor = join(folder.path, 'editor.sh');
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/by: merge/by: edit/" "$1"\n');
    chmodSync(editor, 0o755);
    const edited = await kubectl(['edit', ...target], '', { KUBE_EDITOR: editor });
    expect(edited.stdout, edited.stderr).toContain('edited');
    const labels = await succeed('get', ...target, '-o', 'jsonpath={.metadata.labels}');
    expect(JSON.parse(labels)).toEqual({ by: 'edit' });
    await succeed('delete', ...target, '--timeout=30s');
    await eventually(async () => expect(await succeed('get', 'trials,suggestions,jobs,pods')).toBe(''));
  });

  it('learns the kinds and their fields', async () => {
    const resources = await succeed('api-resources');
    expect(resources).toMatch(/experiments +kubeflow.org\/v1beta1 +true +Experiment/);
    expect(resources).toMatch(/persistentvolumeclaims +pvc +v1 +true/);
    expect(await succeed('explain', 'experiment.spec.objective')).toContain(
      'objectiveMetricName\t<string> -required-',
    );
    expect(await succeed('explain', 'pod.metadata')).toContain('labels\t<map[string]string>');
    expect(await succeed('get', 'namespaces')).toMatch(/default +Active/);
  });
});

async function outputOf(child: ChildProcess): Promise<string> {
  return child.stdout ? text(child.stdout) : '';
}
