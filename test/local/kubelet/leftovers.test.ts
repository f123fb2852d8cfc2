import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import { endLeftovers, recordProcess } from '../../../local/kubelet/leftovers.ts';
import { podDirectory } from '../../../local/kubelet/pod-directory.ts';
import { identifyProcess } from '../../../local/kubelet/process-identity.ts';
import { temporaryFolder } from '../../support/command.ts';
import { isAlive } from './kubelet-harness.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process group of its own, without our marks in its environment. */
function startSleep(env: Record<string, string> = {}): number {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore', env });
  children.push(child);
  return child.pid ?? 0;
}

function record(dataDir: string, pid: number, change: { startTime?: string } = {}): void {
  const directory = podDirectory(dataDir, 'pod-uid');
  mkdirSync(directory.processes, { recursive: true });
  recordProcess(directory, 'main', pid);
  const file = path.join(directory.processes, 'main.json');
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...change }));
}

it('ends a process whose number and start time are recorded', async () => {
  using folder = temporaryFolder();
  const pid = startSleep();
  record(folder.path, pid);
  await endLeftovers(folder.path, systemClock, silentLogger);
  expect(isAlive(pid)).toBe(false);
});

it('leaves a later process of the same number alone', async () => {
  using folder = temporaryFolder();
  const pid = startSleep();
  record(folder.path, pid, { startTime: 'long ago' });
  await endLeftovers(folder.path, systemClock, silentLogger);
  expect(isAlive(pid)).toBe(true);
});

it.runIf(process.platform === 'linux')(
  'ends what carries its mark, and not what carries another',
  async () => {
    using folder = temporaryFolder();
    const marked = startSleep({ KATYDID_POD_DATA_DIR: folder.path, KATYDID_POD_UID: 'x' });
    const other = startSleep({ KATYDID_POD_DATA_DIR: `${folder.path}-other`, KATYDID_POD_UID: 'x' });
    const programOfTheUser = startSleep({ KATYDID_DATA_DIR: folder.path });
    await endLeftovers(folder.path, systemClock, silentLogger);
    expect([marked, other, programOfTheUser].map(isAlive)).toEqual([false, true, true]);
  },
);

it('does not mind a record that was cut off by the crash', async () => {
  using folder = temporaryFolder();
  const directory = podDirectory(folder.path, 'pod-uid');
  mkdirSync(directory.processes, { recursive: true });
  writeFileSync(path.join(directory.processes, 'main.json'), '{"pid":12');
  await expect(endLeftovers(folder.path, systemClock, silentLogger)).resolves.toBeUndefined();
});

it('tells processes apart by their start', () => {
  const own = identifyProcess(process.pid);
  expect(own?.startTime).toBeTruthy();
  expect(identifyProcess(startSleep())?.startTime).not.toBe(own?.startTime);
  expect(identifyProcess(2 ** 22 + 1)).toBeUndefined();
});
