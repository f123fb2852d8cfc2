import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataDirectory, lockDataDirectory } from '../../../cli/data-directory.ts';
import { countLevel } from '../../../cli/doctor/examine.ts';
import type { LimitFacts, MemoryFacts, Probes } from '../../../cli/doctor/probes.ts';
import { accessToken } from '../../../cli/serve/access-files.ts';
import { writeKubeconfig } from '../../../cli/serve/kubeconfig-file.ts';
import { writeServerFile } from '../../../cli/serve/server-file.ts';
import { createSelfSignedCertificate } from '../../../local/api-server/certificate/self-signed-certificate.ts';
import { command } from '../results-fixture.ts';
import { shellExperiment } from '../../support/shell-experiment.ts';
import {
  complaints,
  examined,
  healthyComputer,
  HEALTHY_DISK,
  withExperiment,
  withoutPrograms,
  withProgram,
  writeExperiment,
  type SickComputer,
} from './sick-computer.ts';
import { FUSE_TYPE, GIB, MIB, NFS_TYPE, TMPFS_TYPE } from './sizes.ts';
import { world } from '../world.ts';

/** What is wrong; the check that finds it, how bad that is, a part of what it says; how to bring it about. */
type Row = [
  fault: string,
  expected: { id: string; level: 'warning' | 'problem'; says: string | RegExp },
  seed: (computer: SickComputer) => void | Promise<void>,
];

const DAY_MS = 24 * 60 * 60 * 1000;
/** Nobody listens at port 1. */
const DEAD = { pid: 2 ** 22 + 1, rest: 'http://127.0.0.1:1', kube: 'https://127.0.0.1:1' };

function probing(computer: SickComputer, probes: Partial<Probes>): void {
  computer.probes = { ...computer.probes, ...probes };
}

function inEnvironment(computer: SickComputer, env: NodeJS.ProcessEnv): void {
  probing(computer, { env: { ...computer.probes.env, ...env } });
}

function withMemory(computer: SickComputer, facts: Partial<MemoryFacts>): void {
  const usual = computer.probes.memory();
  probing(computer, { memory: () => ({ ...usual, ...facts }) });
}

function withLimits(computer: SickComputer, facts: Partial<LimitFacts>): void {
  const limits = { openFiles: 4096, processes: 4096, processesLeftInGroup: Infinity, ...facts };
  probing(computer, { limits: () => limits });
}

function onDisk(computer: SickComputer, facts: Partial<typeof HEALTHY_DISK>, only = ''): void {
  probing(computer, {
    fileSystem: (path) => (path.startsWith(only) ? { ...HEALTHY_DISK, ...facts } : HEALTHY_DISK),
  });
}

function inDataDirectory({ directory }: SickComputer, name: string): string {
  return join(directory.path, name);
}

function write(computer: SickComputer, name: string, text: string, mode = 0o600): void {
  writeFileSync(inDataDirectory(computer, name), text, { mode });
}

function certificateOf(computer: SickComputer, madeMs: number): void {
  write(computer, 'tls.crt', createSelfSignedCertificate(madeMs).cert);
}

/** The databases of a service that has worked here, and has gone. */
async function worked({ directory }: SickComputer): Promise<void> {
  await world(directory).close();
}

/** Overwrites the middle of a file. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0xa5, 100, Math.min(bytes.length, 20_000));
  writeFileSync(file, bytes);
}

const MACHINE_FAULTS: Row[] = [
  [
    'an old Node',
    { id: 'node-version', level: 'problem', says: 'v20.11.1 is older than 22.12' },
    (computer) => probing(computer, { nodeVersion: 'v20.11.1' }),
  ],
  [
    'little free memory',
    { id: 'memory', level: 'warning', says: '600 MiB of 16 GiB are free' },
    (computer) => withMemory(computer, { availableBytes: 600 * MIB }),
  ],
  [
    'the memory limit of a container',
    { id: 'memory', level: 'problem', says: /200 MiB of 200 MiB \(the limit of .*Raise the memory limit/ },
    (computer) => withMemory(computer, { limitBytes: 200 * MIB }),
  ],
  [
    'little shared memory',
    { id: 'shared-memory', level: 'warning', says: '--shm-size' },
    (computer) => {
      probing(computer, { platform: 'linux' });
      onDisk(computer, { totalBytes: 64 * MIB, freeBytes: 64 * MIB }, '/dev/shm');
    },
  ],
  [
    'a low limit of open files',
    { id: 'open-files', level: 'warning', says: 'ulimit -n' },
    (computer) => withLimits(computer, { openFiles: 256 }),
  ],
  [
    'hardly any open files',
    { id: 'open-files', level: 'problem', says: '64 may be open at once' },
    (computer) => withLimits(computer, { openFiles: 64 }),
  ],
  [
    'a low limit of processes',
    { id: 'process-limit', level: 'problem', says: '30 processes and threads' },
    (computer) => withLimits(computer, { processes: 30 }),
  ],
  [
    'a container that allows few more processes',
    { id: 'process-limit', level: 'warning', says: 'pids.max' },
    (computer) => withLimits(computer, { processesLeftInGroup: 100 }),
  ],
  [
    'a temporary directory that is not there',
    { id: 'temporary-directory', level: 'problem', says: 'ENOENT' },
    (computer) => inEnvironment(computer, { TMPDIR: join(computer.folder, 'missing') }),
  ],
  [
    'a full temporary directory',
    { id: 'temporary-directory', level: 'warning', says: '20 MiB are free' },
    (computer) => {
      const scratch = join(computer.folder, 'scratch');
      mkdirSync(scratch);
      inEnvironment(computer, { TMPDIR: scratch });
      onDisk(computer, { freeBytes: 20 * MIB }, scratch);
    },
  ],
  [
    'a clock that lost its battery',
    { id: 'clock', level: 'problem', says: '2001-01-01' },
    (computer) => probing(computer, { now: () => Date.parse('2001-01-01T00:00:00Z') }),
  ],
  [
    'a clock behind the files',
    { id: 'clock', level: 'warning', says: /It is 2h 00m behind .*ports\.json/ },
    (computer) => {
      write(computer, 'ports.json', '[]');
      const inTwoHours = Date.now() / 1000 + 7200;
      utimesSync(inDataDirectory(computer, 'ports.json'), inTwoHours, inTwoHours);
    },
  ],
  [
    'a clock that was set back while a service worked',
    { id: 'clock', level: 'warning', says: 'set back after 2026-01-01T12:00:00.000Z' },
    (computer) => {
      const line = (time: string): string => `{"level":30,"time":"${time}","msg":"x"}\n`;
      const log = ['2026-01-01T11:00:00.000Z', '2026-01-01T12:00:00.000Z', '2026-01-01T11:00:01.000Z'].map(
        line,
      );
      write(computer, 'katydid.log', log.join(''));
    },
  ],
  [
    'a time zone that is none',
    { id: 'time-zone', level: 'warning', says: 'TZ=Europe/Atlantis' },
    (computer) => inEnvironment(computer, { TZ: 'Europe/Atlantis' }),
  ],
  [
    'a proxy that catches requests to this computer',
    { id: 'proxy', level: 'warning', says: /http_proxy would catch .*NO_PROXY=127\.0\.0\.1/ },
    (computer) => inEnvironment(computer, { http_proxy: 'http://proxy:3128', NO_PROXY: 'localhost' }),
  ],
  [
    'a port that another program has',
    { id: 'ports', level: 'problem', says: 'EADDRINUSE' },
    async (computer) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      computer.cleanups.push(() => void server.close());
      computer.ports = { rest: (server.address() as AddressInfo).port, kube: 0 };
    },
  ],
  [
    'one port for both servers',
    { id: 'ports', level: 'problem', says: 'Both servers are to listen on 8080' },
    (computer) => {
      computer.ports = { rest: 8080, kube: 8080 };
    },
  ],
  [
    'no loopback interface',
    { id: 'ports', level: 'problem', says: 'ip link set lo up' },
    (computer) =>
      probing(computer, {
        portTrouble: (port) => Promise.resolve(port === 0 ? 'listen EADDRNOTAVAIL' : null),
      }),
  ],
];

const DATA_DIRECTORY_FAULTS: Row[] = [
  [
    'a file in place of the data directory',
    { id: 'data-directory', level: 'problem', says: 'is a file, not a directory' },
    (computer) => {
      writeFileSync(join(computer.folder, 'file'), '');
      computer.directory = dataDirectory(join(computer.folder, 'file', 'data'));
    },
  ],
  [
    'a data directory where nothing can be written',
    { id: 'data-directory', level: 'problem', says: 'cannot be written to' },
    (computer) => {
      // Root may write into every real directory; nobody may into this one.
      const isRoot = process.getuid?.() === 0;
      if (isRoot) computer.directory = dataDirectory('/proc/katydid/data');
      else chmodSync(computer.directory.path, 0o500);
    },
  ],
  [
    'a data directory that is open to all',
    { id: 'data-directory', level: 'warning', says: 'chmod o-w' },
    ({ directory }) => chmodSync(directory.path, 0o777),
  ],
  [
    'a network file system',
    { id: 'file-system', level: 'problem', says: 'on another computer (NFS)' },
    (computer) => onDisk(computer, { type: NFS_TYPE }),
  ],
  [
    'a FUSE file system',
    { id: 'file-system', level: 'warning', says: 'FUSE' },
    (computer) => onDisk(computer, { type: FUSE_TYPE }),
  ],
  [
    'a file system in memory',
    { id: 'file-system', level: 'warning', says: 'is gone when the computer restarts' },
    (computer) => onDisk(computer, { type: TMPFS_TYPE }),
  ],
  [
    'a disk that is nearly full',
    { id: 'disk-space', level: 'problem', says: '30 MiB of 100 GiB are free' },
    (computer) => onDisk(computer, { freeBytes: 30 * MIB }, computer.folder),
  ],
  [
    'a disk that fills',
    { id: 'disk-space', level: 'warning', says: 'which is little' },
    (computer) => onDisk(computer, { freeBytes: 500 * MIB }, computer.folder),
  ],
  [
    'a disk without inodes',
    { id: 'inodes', level: 'problem', says: '12 more files can be made' },
    (computer) => onDisk(computer, { freeFiles: 12 }),
  ],
  [
    'a damaged objects.db',
    { id: 'objects-database', level: 'problem', says: /\[STORE_(?:CORRUPT|NOT_A_DATABASE)\]/ },
    async (computer) => {
      await worked(computer);
      damage(computer.directory.objects);
    },
  ],
  [
    "another program's database as objects.db",
    { id: 'objects-database', level: 'problem', says: '[STORE_NOT_A_DATABASE]' },
    ({ directory }) => void new Database(directory.objects).exec('CREATE TABLE songs (title TEXT)').close(),
  ],
  [
    'a damaged observations.db',
    { id: 'observations-database', level: 'problem', says: '[DB_CORRUPT]' },
    async (computer) => {
      await worked(computer);
      damage(computer.directory.observations);
    },
  ],
  [
    "another program's database as observations.db",
    { id: 'observations-database', level: 'problem', says: '[DB_FOREIGN]' },
    ({ directory }) =>
      void new Database(directory.observations).exec('CREATE TABLE songs (title TEXT)').close(),
  ],
  [
    'a lock that a silent process holds',
    { id: 'lock', level: 'problem', says: `(pid ${process.pid}) works here, and does not answer` },
    async (computer) => {
      const lock = await lockDataDirectory(computer.directory);
      computer.cleanups.push(() => lock.release());
    },
  ],
  [
    'a pid file that names another program',
    { id: 'lock', level: 'warning', says: `lock.pid names process ${process.pid}` },
    (computer) => write(computer, 'lock.pid', `${process.pid}\n`),
  ],
  [
    'a damaged pid file',
    { id: 'lock', level: 'warning', says: 'lock.pid is damaged' },
    (computer) => write(computer, 'lock.pid', 'garbage'),
  ],
  [
    'the servers of a service that has ended',
    {
      id: 'server-file',
      level: 'warning',
      says: `(pid ${DEAD.pid}) that listened at http://127.0.0.1:1 has ended`,
    },
    ({ directory }) => writeServerFile(directory, DEAD),
  ],
  [
    'a damaged server.json',
    { id: 'server-file', level: 'warning', says: 'server.json is damaged' },
    (computer) => write(computer, 'server.json', '{"pid":'),
  ],
  [
    'a training that an earlier service left',
    { id: 'leftover-processes', level: 'warning', says: 'kill -9' },
    (computer) => {
      const { path } = computer.directory;
      const child = spawn('sleep', ['60'], {
        env: { PATH: process.env['PATH'], KATYDID_POD_DATA_DIR: path },
      });
      computer.cleanups.push(() => void child.kill('SIGKILL'));
    },
  ],
  [
    'a token that others can read',
    { id: 'private-files', level: 'problem', says: /chmod 600 .*token/ },
    (computer) => {
      accessToken(computer.directory);
      chmodSync(inDataDirectory(computer, 'token'), 0o644);
    },
  ],
  [
    'a key that others can read',
    { id: 'private-files', level: 'problem', says: /Other users may read .*tls\.key/ },
    (computer) => write(computer, 'tls.key', 'KEY', 0o640),
  ],
  [
    'a kubeconfig that leads to a dead server',
    { id: 'kubeconfig', level: 'warning', says: 'https://127.0.0.1:1, where nobody answers' },
    (computer) => {
      const file = writeKubeconfig(computer.directory, { url: DEAD.kube, token: 'secret', cert: 'PEM' });
      inEnvironment(computer, { KUBECONFIG: `/other:${file}` });
    },
  ],
  [
    'a kubeconfig that is used and not there',
    { id: 'kubeconfig', level: 'warning', says: 'which is not there' },
    (computer) => inEnvironment(computer, { KUBECONFIG: inDataDirectory(computer, 'kubeconfig') }),
  ],
  [
    'a damaged kubeconfig',
    { id: 'kubeconfig', level: 'warning', says: 'is damaged' },
    (computer) => write(computer, 'kubeconfig', 'clusters: []'),
  ],
  [
    'a certificate that has ended',
    { id: 'certificate', level: 'problem', says: 'It ended on' },
    (computer) => certificateOf(computer, Date.now() - 3651 * DAY_MS),
  ],
  [
    'a certificate that is about to end',
    { id: 'certificate', level: 'warning', says: 'It ends in 9 days' },
    (computer) => certificateOf(computer, Date.now() - 3640 * DAY_MS),
  ],
  [
    'a certificate from a clock that was ahead',
    { id: 'certificate', level: 'problem', says: 'the clock was ahead' },
    (computer) => certificateOf(computer, Date.now() + 400 * DAY_MS),
  ],
  [
    'a damaged certificate',
    { id: 'certificate', level: 'warning', says: 'is damaged' },
    (computer) => write(computer, 'tls.crt', 'PEM'),
  ],
];

const EXPERIMENT_FAULTS: Row[] = [
  [
    'an experiment file that is not there',
    { id: 'experiment-file', level: 'problem', says: 'There is no such file' },
    (computer) => {
      computer.files = [join(computer.folder, 'missing.yaml')];
    },
  ],
  [
    'an experiment with a mistake',
    { id: 'experiment-file', level: 'problem', says: /exp\.yaml:\d+:\d+: spec\.parallelTrialCount/ },
    (computer) =>
      writeExperiment(computer, shellExperiment({ name: 'exp', trials: 2, parallel: 0, script: ':' })),
  ],
  [
    'a trial template in a ConfigMap that is elsewhere',
    { id: 'experiment-file', level: 'warning', says: '[TEMPLATE_NOT_FOUND]' },
    (computer) => {
      const text = shellExperiment({ name: 'exp', trials: 2, script: ':' });
      const reference = 'configMap: { configMapName: t, configMapNamespace: default, templatePath: t.yaml }';
      const conditions = `successCondition: 'status.done'\n    failureCondition: 'status.failed'`;
      writeExperiment(computer, text.replace(/trialSpec:[^]*$/, `${reference}\n    ${conditions}\n`));
    },
  ],
  [
    'a damaged image map',
    { id: 'image-map', level: 'problem', says: /imagez.*Known keys|Unrecognized key.*imagez/ },
    (computer) => {
      withExperiment(computer, {});
      writeFileSync(join(computer.folder, 'katydid.config.yaml'), 'imagez: {}');
    },
  ],
  [
    'an image map that is not there',
    { id: 'image-map', level: 'problem', says: 'There is no such file' },
    (computer) => {
      withExperiment(computer, {});
      computer.config = join(computer.folder, 'missing.yaml');
    },
  ],
  [
    'an image that decides what runs, and is not mapped',
    { id: 'image-map', level: 'problem', says: /no command.*ghcr\.io\/acme\/mnist.*entrypoint/ },
    (computer) => withExperiment(computer, { image: 'ghcr.io/acme/mnist', command: undefined }),
  ],
  [
    'a path that only the image has',
    { id: 'image-map', level: 'warning', says: '/opt/app/data/train.csv (args[2]' },
    (computer) =>
      withExperiment(computer, { args: ['$X', '${trialParameters.x}', '/opt/app/data/train.csv'] }),
  ],
  ...['python', 'python3', 'bash'].map((program): Row => [
    `no ${program}`,
    { id: 'trial-command', level: 'problem', says: `"${program}" is not an executable file here` },
    (computer) => {
      withoutPrograms(computer);
      withExperiment(computer, { command: [program, '-c', 'pass'] });
    },
  ]),
  [
    'a shell script that calls a python which is not there',
    {
      id: 'trial-command',
      level: 'warning',
      says: 'calls "python", which is not in its PATH. Write python3',
    },
    (computer) => {
      withoutPrograms(computer);
      withExperiment(computer, { command: ['/bin/sh', '-c', 'export A=1; exec python -u - "$@"'] });
    },
  ],
  [
    'a working directory that is not there',
    { id: 'working-directory', level: 'problem', says: 'workingDir "/opt/app"' },
    (computer) => withExperiment(computer, { workingDir: '/opt/app' }),
  ],
  [
    'a script that is not there',
    { id: 'script-file', level: 'problem', says: /train\.sh of container "main" is not here/ },
    (computer) => withExperiment(computer, { command: ['sh', '-e', 'train.sh'] }),
  ],
  [
    'a script that is not there, called from a shell',
    { id: 'script-file', level: 'warning', says: 'nowhere/train.sh' },
    (computer) => withExperiment(computer, { command: ['sh', '-c', 'set -e\nsh nowhere/train.sh --lr=$0'] }),
  ],
  [
    'a python without tensorflow',
    {
      id: 'python-modules',
      level: 'problem',
      says: /python3 has no module tensorflow\..*pip install tensorflow/,
    },
    (computer) => {
      withProgram(computer, 'python3', 'echo tensorflow');
      const script = join(computer.folder, 'train.py');
      writeFileSync(script, '"""\nimport numpy\n"""\nimport os, tensorflow as tf\n');
      withExperiment(computer, { command: ['python3', script] });
    },
  ],
  [
    'a python that does not work',
    { id: 'python-modules', level: 'warning', says: 'could not be asked for its modules: no stdlib' },
    (computer) => {
      withProgram(computer, 'python3', 'echo no stdlib >&2; exit 1');
      withExperiment(computer, { command: ['sh', '-c', 'python3 -c "import torch; torch.zeros(1)"'] });
    },
  ],
  [
    'trials that together ask for more CPUs than there are',
    {
      id: 'trial-cpus',
      level: 'warning',
      says: '3 trials at once × 2 CPUs; 4 are here. Lower parallelTrialCount to 2',
    },
    (computer) => withExperiment(computer, { resources: { requests: { cpu: '2' } } }, { parallel: 3 }),
  ],
  [
    'a trial that asks for more CPUs than there are',
    { id: 'trial-cpus', level: 'warning', says: 'too few for one' },
    (computer) => withExperiment(computer, { resources: { limits: { cpu: 64 } } }),
  ],
  [
    'a trial that asks for more memory than the container has',
    {
      id: 'trial-memory',
      level: 'problem',
      says: /4 GiB; 2 GiB are here, too little for one.*raise the memory limit/,
    },
    (computer) => {
      withMemory(computer, { limitBytes: 2 * GIB });
      withExperiment(computer, { resources: { requests: { memory: '4Gi' } } });
    },
  ],
  [
    'trials that together ask for more memory than is free',
    {
      id: 'trial-memory',
      level: 'warning',
      says: '4 trials at once × 3 GiB; 8 GiB are free. Lower parallelTrialCount to 2',
    },
    (computer) => withExperiment(computer, { resources: { limits: { memory: '3Gi' } } }, { parallel: 4 }),
  ],
  [
    'a GPU where there is none',
    { id: 'trial-gpus', level: 'problem', says: '1 GPUs (nvidia.com/gpu); 0 are here' },
    (computer) => withExperiment(computer, { resources: { limits: { 'nvidia.com/gpu': 1 } } }),
  ],
  [
    'trials that together ask for more GPUs than there are',
    { id: 'trial-gpus', level: 'warning', says: 'Lower parallelTrialCount to 2' },
    (computer) => {
      probing(computer, { gpuDevices: () => [0, 1] });
      withExperiment(computer, { resources: { limits: { 'nvidia.com/gpu': 1 } } }, { parallel: 3 });
    },
  ],
  [
    'a Secret that is not there',
    {
      id: 'trial-volumes',
      level: 'problem',
      says: 'Secret "credentials" does not exist in namespace "default"',
    },
    (computer) => {
      const secretKeyRef = { name: 'credentials', key: 'password' };
      withExperiment(computer, { env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef } }] });
    },
  ],
  [
    'a ConfigMap that is not there',
    { id: 'trial-volumes', level: 'problem', says: 'ConfigMap "settings" does not exist' },
    (computer) => withExperiment(computer, {}, { volumes: [{ name: 'v', configMap: { name: 'settings' } }] }),
  ],
  [
    'a directory of the host that is not there',
    { id: 'trial-volumes', level: 'warning', says: '/data/imagenet of volume "v" does not exist here' },
    (computer) =>
      withExperiment(computer, {}, { volumes: [{ name: 'v', hostPath: { path: '/data/imagenet' } }] }),
  ],
  [
    'a privileged container',
    { id: 'trial-fields', level: 'warning', says: 'containers["main"].securityContext.privileged' },
    (computer) => withExperiment(computer, { securityContext: { privileged: true } }),
  ],
];

let computer: SickComputer;
beforeEach(() => {
  computer = healthyComputer();
});
afterEach(async () => {
  for (const cleanup of computer.cleanups.reverse()) await cleanup();
});

describe('a computer without faults', () => {
  it('gets no complaint, neither before a service has worked in its data directory nor after it', async () => {
    withExperiment(computer, {});
    expect(complaints(await examined(computer))).toEqual([]);
    await worked(computer);
    certificateOf(computer, Date.now());
    accessToken(computer.directory);
    write(computer, 'lock.pid', `${2 ** 22 + 1}\n`);
    expect(complaints(await examined(computer))).toEqual([]);
  });
});

describe.each([
  ['of the computer', MACHINE_FAULTS],
  ['of the data directory', DATA_DIRECTORY_FAULTS],
  ['of an experiment', EXPERIMENT_FAULTS],
])('a fault %s is found, and no other is suspected:', (_, faults) => {
  it.each(faults)('%s', async (_fault, { id, level, says }, seed) => {
    await seed(computer);
    const sections = await examined(computer);
    const found = complaints(sections);
    expect(found).toEqual([{ id, level, text: expect.stringMatching(asPattern(says)) as string }]);
    expect(countLevel(sections, 'problem')).toBe(level === 'problem' ? 1 : 0);
  });
});

function asPattern(says: string | RegExp): RegExp {
  return typeof says === 'string'
    ? new RegExp(says.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    : says;
}

describe('the command', () => {
  it('ends with 0 where there is no problem, and has everything for programs', async () => {
    const { code, stdout } = await command(['doctor', '--data-dir', computer.directory.path, '-o', 'json']);
    const report = JSON.parse(stdout) as { problems: number; checks: { id: string; findings: unknown[] }[] };
    expect([code, report.problems]).toEqual([0, 0]);
    expect(report.checks.every(({ findings }) => findings.length > 0)).toBe(true);
  });

  it('ends with 1 where there is one, and says why it matters and what to do', async () => {
    write(computer, 'tls.key', 'KEY', 0o640);
    const { code, stdout } = await command(['doctor', '--data-dir', computer.directory.path]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {2}problem {2}Private files: Other users may read .*tls\.key\.$/m);
    expect(stdout).toMatch(/^ {11}Why: Who can read the token or the key can start programs as you\.$/m);
    expect(stdout).toMatch(/^ {11}Do: {2}chmod 600 /m);
    expect(stdout).toMatch(/^\d+ checks: 1 problem, (?:no|\d+) warnings?\.$/m);
  });
});
