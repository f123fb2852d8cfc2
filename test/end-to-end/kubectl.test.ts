import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finished, Started } from '../support/command.ts';
import { ROOT, startKatydid, temporaryFolder } from '../support/command.ts';
import { eventually } from '../support/eventually.ts';
import { findKubectls, runKubectl } from '../support/kubectl.ts';

const EXPERIMENT = join(ROOT, 'examples/shell-job/experiment.yaml');
const TALKING = 'for i in 1 2 3; do echo line $i; sleep 0.3; done';
const KUBECTLS = findKubectls();

function pod(name: string, script: string, more = ''): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { step: one } }
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
    - name: main
      image: busybox
      command: [sh, -c, '${script}']
${more}`;
}

function configMap(name: string, value: string, labels = '{}'): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, labels: ${labels} }\ndata: { k: ${value} }\n`;
}

function job(name: string, script: string): string {
  return `apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
      containers: [{ name: main, image: busybox, command: [sh, -c, '${script}'] }]
`;
}

describe.skipIf(KUBECTLS.length > 0)('kubectl [skipped: there is none on this computer]', () => {
  it.skip('drives the server');
});

describe.each(KUBECTLS)('$version', ({ program }) => {
  const folder = temporaryFolder();
  const environment = { ...process.env, KUBECONFIG: join(folder.path, 'kubeconfig'), HOME: folder.path };
  let serving: Started;

  function kubectl(args: readonly string[], input = '', env: Record<string, string> = {}): Promise<Finished> {
    return runKubectl(program, args, { env: { ...environment, ...env }, input });
  }

  async function succeed(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await kubectl(args);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  /** The complaint of a command that must not succeed. */
  async function fail(...args: string[]): Promise<string> {
    const { code, stderr, stdout } = await kubectl(args);
    expect(code, stdout).not.toBe(0);
    return stderr;
  }

  async function apply(manifest: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await kubectl(['apply', '-f', '-', ...args], manifest);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  async function json(...args: string[]): Promise<unknown> {
    return JSON.parse(await succeed(...args, '-o', 'json')) as unknown;
  }

  /** Runs `kubectl edit` with an editor that replaces one text. */
  async function edit(target: readonly string[], from: string, to: string): Promise<string> {
    const editor = join(folder.path, 'editor.sh');
    writeFileSync(editor, `#!/bin/sh\nsed -i "s/${from}/${to}/" "$1"\n`);
    chmodSync(editor, 0o755);
    const { stdout, stderr } = await kubectl(['edit', ...target], '', { KUBE_EDITOR: editor });
    expect(stdout, stderr).toContain('edited');
    return stdout;
  }

  async function finished(name: string): Promise<void> {
    await succeed('wait', '--for=jsonpath={.status.phase}=Succeeded', `pod/${name}`, '--timeout=30s');
  }

  beforeAll(async () => {
    serving = startKatydid(['serve', '--data-dir', folder.path]);
    const ready = new Promise((resolve) => serving.process.stdout?.once('data', resolve));
    await Promise.race([ready, serving.finished.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  });
  afterEach(async () => {
    await succeed('delete', 'experiments,jobs,pods,configmaps,secrets', '--all', '--timeout=60s');
  });
  afterAll(async () => {
    serving.process.kill('SIGTERM');
    const { code, stderr } = await serving.finished;
    folder[Symbol.dispose]();
    expect(code, stderr).toBe(0);
  });

  it('applies an experiment, watches it, waits for it and reads the best trial', async () => {
    const watching = spawn(program, ['get', 'experiments', '-w'], { env: environment });
    const watched = outputOf(watching);
    expect(await succeed('apply', '-f', EXPERIMENT)).toContain('experiment.kubeflow.org/shell-job created');
    await succeed('wait', '--for=condition=Succeeded', 'experiment/shell-job', '--timeout=60s');
    const path = 'jsonpath={.status.currentOptimalTrial.bestTrialName}';
    expect(await succeed('get', 'experiment', 'shell-job', '-o', path)).toMatch(/^shell-job-\d+$/);
    expect(await succeed('get', 'trials')).toMatch(/^NAME +TYPE +STATUS +AGE\nshell-job-0 +Succeeded +True/);
    expect(await succeed('get', 'suggestions')).toMatch(/^NAME +TYPE +STATUS +REQUESTED +ASSIGNED +AGE\n/);
    expect(await succeed('get', 'katib')).toContain('suggestion.kubeflow.org/shell-job');
    const description = await succeed('describe', 'experiment', 'shell-job');
    expect(description).toMatch(/Objective Metric Name: +loss/);
    expect(description).toContain('ExperimentMaxTrialsReached');
    expect(await succeed('get', 'events')).toMatch(/experiment\/shell-job/);
    expect(await succeed('events', '--for', 'experiment/shell-job')).toMatch(/Experiment\/shell-job/);
    expect(await succeed('apply', '-f', EXPERIMENT)).toContain('unchanged');
    watching.kill();
    const lines = (await watched).split('\n');
    expect(lines[0]).toMatch(/^NAME +TYPE +STATUS +AGE/);
    expect(lines.some((line) => /^shell-job +Running/.test(line))).toBe(true);
    expect(lines.some((line) => /^shell-job +Succeeded/.test(line))).toBe(true);

    const target = ['experiment', 'shell-job'];
    await succeed('patch', ...target, '--type=merge', '-p', '{"metadata":{"labels":{"by":"merge"}}}');
    await succeed(
      'patch',
      ...target,
      '--type=json',
      '-p',
      '[{"op":"add","path":"/metadata/labels/a","value":"b"}]',
    );
    await succeed('label', ...target, 'tried=yes', '--dry-run=server');
    expect(await fail('patch', ...target, '-p', '{}')).toContain('--type=merge');
    await edit(target, 'by: merge', 'by: edit');
    expect(await json('get', ...target)).toMatchObject({ metadata: { labels: { by: 'edit', a: 'b' } } });
    await succeed('delete', ...target, '--timeout=30s');
    await eventually(async () => expect(await succeed('get', 'trials,suggestions,jobs,pods')).toBe(''));
  });

  it('refuses what is wrong, in the words of the specification', async () => {
    const wrong = `apiVersion: kubeflow.org/v1beta1\nkind: Experiment\nmetadata: { name: wrong }\nspec: { maxTrialCuont: 3 }\n`;
    const { code, stderr } = await kubectl(['apply', '-f', '-'], wrong);
    expect(code).not.toBe(0);
    expect(stderr).toContain('maxTrialCuont');
    const sent = await kubectl(['apply', '-f', '-', '--dry-run=server'], wrong);
    expect(sent.stderr).toContain('maxTrialCuont');
    const server = await fail('apply', '--server-side', '-f', EXPERIMENT);
    expect(server).toContain(
      'server-side apply is not supported here: use kubectl apply without --server-side',
    );
  });

  it('runs a pod, changes and deletes it', async () => {
    expect(await apply(pod('talker', TALKING))).toContain('pod/talker created');
    await eventually(async () => expect(await succeed('get', 'pod', 'talker')).not.toContain('Pending'));
    expect(await succeed('logs', '-f', 'talker')).toBe('line 1\nline 2\nline 3\n');
    await finished('talker');
    expect(await succeed('describe', 'pod', 'talker')).toMatch(/Exit Code: +0/);
    const changed = await apply(pod('talker', TALKING).replace('step: one', 'step: two'));
    expect(changed).toContain('pod/talker configured');
    await succeed('patch', 'pod', 'talker', '-p', '{"metadata":{"labels":{"patched":"strategic"}}}');
    const container = '{"spec":{"containers":[{"name":"main","image":"patched"}]}}';
    await succeed('patch', 'pod', 'talker', '--type=strategic', '-p', container);
    await succeed('patch', 'pod', 'talker', '--type=merge', '-p', '{"metadata":{"labels":{"merged":"yes"}}}');
    const addition = '[{"op":"add","path":"/metadata/labels/json","value":"yes"}]';
    await succeed('patch', 'pod', 'talker', '--type=json', '-p', addition);
    await succeed('label', 'pod', 'talker', 'added=yes');
    await succeed('label', 'pod', 'talker', 'merged-');
    await succeed('annotate', 'pod', 'talker', 'why=because');
    expect(await fail('label', 'pod', 'talker', 'added=no')).toContain('--overwrite');
    await edit(['pod', 'talker'], 'step: two', 'step: three');
    expect(await json('get', 'pod', 'talker')).toMatchObject({
      metadata: {
        labels: { step: 'three', patched: 'strategic', added: 'yes', json: 'yes' },
        annotations: { why: 'because' },
      },
      spec: { containers: [{ name: 'main', image: 'patched', command: ['sh', '-c', TALKING] }] },
    });
    expect(await succeed('delete', 'pod', 'talker')).toContain('deleted');
    expect(await fail('get', 'pod', 'talker')).toContain('pods "talker" not found');
  });

  it('reads logs: of containers, from the end, by age, from before a restart', async () => {
    const second = `    - { name: second, image: busybox, command: [sh, -c, 'echo other; echo end'] }\n`;
    await apply(pod('pair', TALKING, second));
    await finished('pair');
    expect(await fail('logs', 'pair', '-c', 'third')).toMatch(/container third is not valid for pod pair/);
    expect(await succeed('logs', 'pair', '-c', 'second')).toBe('other\nend\n');
    expect(await succeed('logs', 'pair', '-c', 'main', '--tail=1')).toBe('line 3\n');
    expect(await succeed('logs', 'pair', '-c', 'main', '--since=1h')).toBe('line 1\nline 2\nline 3\n');
    expect(await succeed('logs', 'pair', '-c', 'main', '--since-time=2200-01-01T00:00:00Z')).toBe('');
    expect(await succeed('logs', 'pair', '-c', 'main', '--limit-bytes=8')).toBe('line 1\nl');
    expect(await succeed('logs', 'pair', '-c', 'second', '--timestamps')).toMatch(/^\d{4}-\S+Z other\n/);
    expect(await succeed('logs', 'pair', '--all-containers', '--prefix')).toContain('[pod/pair/second] end');
    expect(await succeed('logs', '-l', 'step=one', '-c', 'second')).toBe('other\nend\n');
    expect(await fail('logs', 'pair', '-c', 'main', '--previous')).toMatch(/previous terminated container/);

    const failing = 'if test -e again; then echo second; sleep 300; fi; echo first; touch again; exit 1';
    const restarted = pod('again', failing, `      workingDir: ${folder.path}\n`);
    await apply(restarted.replace('restartPolicy: Never', 'restartPolicy: OnFailure'));
    await eventually(async () => expect(await succeed('logs', 'again')).toBe('second\n'), 1_000);
    expect(await succeed('logs', 'again', '--previous')).toBe('first\n');
    await succeed('delete', 'pod', 'again', '--now');

    await apply(job('logged', 'echo from the job'));
    await succeed('wait', '--for=condition=Complete', 'job/logged', '--timeout=30s');
    expect(await succeed('logs', 'job/logged')).toBe('from the job\n');
  });

  it('creates, replaces, compares, and only tries', async () => {
    const create = (manifest: string, ...args: string[]): Promise<Finished> =>
      kubectl(['create', '-f', '-', ...args], manifest);
    expect((await create(configMap('a', 'one'), '--dry-run=server')).stdout).toContain('(server dry run)');
    expect((await create(configMap('a', 'one'), '--dry-run=client')).stdout).toContain('(dry run)');
    expect(await fail('get', 'configmap', 'a')).toContain('not found');
    expect((await create(configMap('a', 'one'), '--save-config')).stdout).toContain('configmap/a created');
    expect((await create(configMap('a', 'one'))).stderr).toContain('AlreadyExists');
    const difference = await kubectl(['diff', '-f', '-'], configMap('a', 'two'));
    expect(difference.code, difference.stderr).toBe(1);
    expect(difference.stdout).toMatch(/^- {2}k: one\n\+ {2}k: two$/m);
    expect((await kubectl(['diff', '-f', '-'], configMap('a', 'one'))).code).toBe(0);
    const replaced = await kubectl(['replace', '-f', '-'], configMap('a', 'two'));
    expect(replaced.stdout, replaced.stderr).toContain('configmap/a replaced');
    expect(await succeed('get', 'cm', 'a', '-o', 'jsonpath={.data.k}')).toBe('two');
    expect(await apply(configMap('a', 'three'), '--dry-run=server')).toContain('configured (server dry run)');
    expect(await apply(configMap('a', 'three'), '--dry-run=client')).toContain('configured (dry run)');
    const forced = await kubectl(['replace', '--force', '-f', '-'], configMap('a', 'four'));
    expect(forced.stdout, forced.stderr).toContain('configmap/a replaced');
    expect(await apply(configMap('b', 'one', '{ app: x }'))).toContain('configmap/b created');
    const prune = ['--prune', '-l', 'app=x', '--prune-allowlist=core/v1/ConfigMap'];
    const pruned = await apply(configMap('c', 'one', '{ app: x }'), ...prune);
    expect(pruned).toContain('configmap/b pruned');
    expect(await succeed('get', 'cm', '-o', 'name')).toBe('configmap/a\nconfigmap/c\n');
  });

  it('creates by its own commands', async () => {
    expect(await succeed('create', 'namespace', 'made')).toContain('namespace/made created');
    await succeed('create', 'configmap', 'settings', '--from-literal=a=b', '-n', 'made');
    await succeed('create', 'secret', 'generic', 'keys', '--from-literal=a=b', '-n', 'made');
    await succeed('create', 'job', 'counting', '--image=busybox', '-n', 'made', '--', 'echo', '1 2');
    await succeed(
      'run',
      'running',
      '--image=busybox',
      '--restart=Never',
      '-n',
      'made',
      '--command',
      '--',
      'echo',
      'hi',
    );
    expect(await json('get', 'cm,secret', '-n', 'made')).toMatchObject({
      items: [
        { kind: 'ConfigMap', data: { a: 'b' } },
        { kind: 'Secret', data: { a: 'Yg==' } },
      ],
    });
    await succeed('wait', '--for=condition=Complete', 'job/counting', '-n', 'made', '--timeout=30s');
    expect(await succeed('logs', 'job/counting', '-n', 'made')).toBe('1 2\n');
    expect(await succeed('get', 'all', '-n', 'made')).toMatch(/pod\/running[^]*job.batch\/counting/);
    await succeed('delete', 'namespace', 'made', '--timeout=60s');
    expect(await succeed('get', 'pods,jobs,cm', '-n', 'made')).toBe('');
  });

  it('selects and shows', async () => {
    await apply([pod('a', 'true'), pod('b', 'exit 3').replace('one', 'two')].join('---\n'));
    await finished('a');
    await succeed('wait', '--for=jsonpath={.status.phase}=Failed', 'pod/b', '--timeout=30s');
    const names = (...args: string[]): Promise<string> => succeed('get', 'pods', '-o', 'name', ...args);
    expect(await names('-l', 'step=one')).toBe('pod/a\n');
    expect(await names('-l', 'step!=one')).toBe('pod/b\n');
    expect(await names('-l', 'step in (one, two)')).toBe('pod/a\npod/b\n');
    expect(await names('-l', '!step')).toBe('');
    expect(await names('--field-selector', 'status.phase=Failed')).toBe('pod/b\n');
    expect(await names('--field-selector', 'status.phase!=Failed,metadata.name=a')).toBe('pod/a\n');
    expect(await fail('get', 'pods', '--field-selector', 'spec.unknown=1')).toContain(
      'field label not supported',
    );
    expect(await names('--chunk-size=1')).toBe('pod/a\npod/b\n');
    expect(await succeed('get', 'pods', '-o', 'wide')).toMatch(
      /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE/,
    );
    expect(await succeed('get', 'pods', '--show-labels')).toMatch(/a +0\/1 +Completed .* step=one\n/);
    expect(await succeed('get', 'pods', '-A')).toMatch(/^NAMESPACE +NAME[^]*default +b +0\/1 +Error/);
    expect(await succeed('get', 'pods', '-L', 'step')).toMatch(/STEP\na .* one\n/);
    expect(await succeed('get', 'pods', '--sort-by=.metadata.name', '--no-headers')).toMatch(
      /^a .*\nb .*\n$/,
    );
    const columns = 'custom-columns=NAME:.metadata.name,PHASE:.status.phase';
    expect(await succeed('get', 'pods', '-o', columns)).toMatch(/^NAME +PHASE\na +Succeeded\nb +Failed\n$/);
    const template = 'jsonpath={range .items[*]}{.metadata.name}={.status.phase} {end}';
    expect(await succeed('get', 'pods', '-o', template)).toBe('a=Succeeded b=Failed ');
    expect(await succeed('get', 'pod', 'a', '-o', 'yaml')).toMatch(/^apiVersion: v1\nkind: Pod\nmetadata:\n/);
    expect(await json('get', 'pods')).toMatchObject({
      kind: 'List',
      items: [{ kind: 'Pod' }, { kind: 'Pod' }],
    });
  });

  it('deletes what belongs to a job with it: before it, after it, or not at all', async () => {
    const pods = (name: string): Promise<string> =>
      succeed('get', 'pods', '-o', 'name', '-l', `job-name=${name}`);
    for (const name of ['front', 'back', 'orphan']) {
      await apply(job(name, 'exec sleep 600'));
      await eventually(async () => expect(await pods(name)).toBe(`pod/${name}-0\n`), 200);
    }
    await succeed('delete', 'job', 'front', '--cascade=foreground', '--timeout=60s');
    expect(await pods('front')).toBe('');
    await succeed('delete', 'job', 'back', '--cascade=background', '--timeout=60s');
    await eventually(async () => expect(await pods('back')).toBe(''), 200);
    await succeed('delete', 'job', 'orphan', '--cascade=orphan', '--timeout=60s');
    expect(await pods('orphan')).toBe('pod/orphan-0\n');
    expect(await json('get', 'pod', 'orphan-0')).not.toHaveProperty('metadata.ownerReferences');
    await succeed('delete', 'pod', 'orphan-0', '--grace-period=0', '--force');
    await succeed('wait', '--for=delete', 'pod/orphan-0', '--timeout=30s');
  });

  it('shows the definitions of the kinds, and takes those of install manifests', async () => {
    const definitions = ['experiments', 'pytorchjobs', 'suggestions', 'tfjobs', 'trials'];
    const listed = definitions.map((plural) => `${plural}\\.kubeflow\\.org +\\d\\S+\\n`).join('');
    expect(await succeed('get', 'crd')).toMatch(new RegExp(`^NAME +CREATED AT\\n${listed}$`));
    expect(await succeed('describe', 'crd', 'trials.kubeflow.org')).toMatch(/Kind: +Trial\n/);
    const yaml = await succeed('get', 'crd', 'experiments.kubeflow.org', '-o', 'yaml');
    expect(yaml).toContain('openAPIV3Schema:');
    expect(await succeed('wait', '--for=condition=Established', 'crd', '--all', '--timeout=10s')).toMatch(
      /trials/,
    );
    const file = join(ROOT, 'deploy/crds/experiments.yaml');
    const applied = await kubectl(['apply', '-f', file]);
    expect(applied.code, applied.stderr).toBe(0);
    expect(applied.stderr).toContain('kind Experiment is built in');
    expect(await fail('create', '-f', file)).toContain('AlreadyExists');
    expect(await fail('delete', 'crd', 'trials.kubeflow.org')).toContain('kubectl delete trials --all');
  });

  it('learns the kinds and their fields', async () => {
    const resources = await succeed('api-resources');
    expect(resources).toMatch(/experiments +kubeflow.org\/v1beta1 +true +Experiment/);
    expect(resources).toMatch(/persistentvolumeclaims +pvc +v1 +true/);
    expect(await succeed('api-versions')).toBe(
      'apiextensions.k8s.io/v1\nbatch/v1\ncoordination.k8s.io/v1\nkubeflow.org/v1\nkubeflow.org/v1beta1\nkubeflow.org/v1beta2\nv1\n',
    );
    expect(await succeed('explain', 'experiment.spec.objective')).toContain(
      'objectiveMetricName\t<string> -required-',
    );
    const all = await succeed('explain', 'experiment', '--recursive');
    expect(all).toMatch(/ {2}spec\t<Object>[^]*\n {4}algorithm\t<Object>[^]*\n {6}algorithmName\t<string>/);
    expect(await succeed('explain', 'tfjob.spec.runPolicy')).toContain('cleanPodPolicy\t<string>');
    expect(await succeed('explain', 'pod.metadata')).toContain('labels\t<map[string]string>');
    expect(await succeed('explain', 'pod.spec.containers')).toContain('command\t<[]string>');
    expect(await fail('explain', 'experiment.spec.nothing')).toContain('does not exist');
    expect(await succeed('get', 'namespaces')).toMatch(/default +Active/);
  });

  it('says what may be done, by whom, where, and what cannot be done', async () => {
    expect(await succeed('auth', 'can-i', 'create', 'experiments')).toBe('yes\n');
    expect(await succeed('auth', 'can-i', 'get', 'pods', '--subresource=log')).toBe('yes\n');
    const exec = await kubectl(['auth', 'can-i', 'create', 'pods', '--subresource=exec']);
    expect(exec).toMatchObject({ code: 1, stdout: expect.stringMatching(/^no/) as unknown });
    expect(await succeed('auth', 'can-i', '--list')).toMatch(/experiments\.kubeflow\.org .*\[create delete/);
    expect(await succeed('auth', 'whoami')).toMatch(/Username +\S+/);
    expect(await succeed('cluster-info')).toMatch(
      /control plane.* is running at .*https:\/\/127\.0\.0\.1:\d+/,
    );
    expect(await succeed('version')).toMatch(/Server Version: v1\.\d+\.\d+\+katydid/);
    expect(await succeed('get', '--raw', '/readyz')).toBe('ok');
    expect(await fail('top', 'pods')).toContain('Metrics API not available');
    await apply(pod('idle', 'exec sleep 600'));
    await apply(job('once', 'true'));
    await succeed('wait', '--for=condition=Ready', 'pod/idle', '--timeout=30s');
    expect(await fail('exec', 'idle', '--', 'true')).toContain('pods/exec is not supported here');
    expect(await fail('scale', 'job/once', '--replicas=2')).toContain('jobs/scale is not supported here');
    expect(await fail('port-forward', 'idle', ':80')).toContain('their ports can be reached as they are');
    const late = await fail('wait', '--for=condition=Failed', 'job/once', '--timeout=1s');
    expect(late).toContain('timed out waiting for the condition');
    await succeed('delete', 'pod', 'idle', '--now');
  });
});

async function outputOf(child: ChildProcess): Promise<string> {
  return child.stdout ? text(child.stdout) : '';
}
