import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupProcessesLeft, parseLimits } from '../../../cli/doctor/machine/limit-files.ts';
import { systemProbes } from '../../../cli/doctor/system-probes.ts';
import { complaints, examined, healthyComputer, withExperiment } from './sick-computer.ts';

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             123                  96365                processes
Max open files            1024                 524288               files
`;

describe('limits', () => {
  it('are the soft ones of the system', () => {
    expect(parseLimits(LIMITS)).toEqual({ processes: 123, openFiles: 1024 });
    expect(parseLimits(LIMITS.replaceAll(/\b(?:123|1024)\b/g, 'unlimited'))).toEqual({
      processes: Infinity,
      openFiles: Infinity,
    });
  });

  it.each([
    ['the container’s own', '0::/\n', '', '100', 60],
    [
      'those of a systemd service',
      '0::/system.slice/katydid.service\n',
      '/system.slice/katydid.service',
      '50',
      10,
    ],
    ['of version 1', '7:pids:/docker/x\n', '/pids/docker/x', '44', 4],
    ['none', '0::/\n', '', 'max', Infinity],
  ])('of the control group: %s', (_, membership, folder, max, left) => {
    const root = mkdtempSync(join(tmpdir(), 'katydid-cgroup-'));
    try {
      mkdirSync(root + folder, { recursive: true });
      writeFileSync(`${root}${folder}/pids.max`, `${max}\n`);
      writeFileSync(`${root}${folder}/pids.current`, '40\n');
      writeFileSync(`${root}/membership`, membership);
      expect(groupProcessesLeft(root, `${root}/membership`)).toBe(left);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe('the probes of this computer', () => {
  const probes = systemProbes();

  it('answer with possible values', () => {
    const { totalBytes, availableBytes, limitBytes } = probes.memory();
    expect(availableBytes).toBeLessThanOrEqual(totalBytes);
    expect(limitBytes === null || limitBytes < totalBytes).toBe(true);
    expect(probes.fileSystem(tmpdir()).totalBytes).toBeGreaterThan(0);
    expect(probes.limits()?.openFiles ?? 1).toBeGreaterThan(0);
    expect([probes.isRunning(process.pid), probes.isRunning(2 ** 22 + 1)]).toEqual([true, false]);
  });

  it('tell who answers', async () => {
    expect(await probes.answers('http://127.0.0.1:1')).toBe(false);
    expect(await probes.portTrouble(0)).toBeNull();
  });

  it('run programs, and tell why one failed', async () => {
    const at = { cwd: tmpdir(), env: { PATH: '/usr/bin:/bin' } };
    expect(await probes.run({ file: 'sh', args: ['-c', 'echo yes'], ...at })).toEqual({
      kind: 'ended',
      stdout: 'yes\n',
    });
    expect(
      await probes.run({ file: 'sh', args: ['-c', 'echo one >&2; echo no >&2; exit 3'], ...at }),
    ).toEqual({
      kind: 'failed',
      reason: 'no',
    });
    expect(await probes.run({ file: 'no-such-program', args: [], ...at })).toMatchObject({ kind: 'failed' });
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

it.runIf(hasPython)(
  'a real python is asked for its modules, without its own files or standard ones',
  async () => {
    const computer = healthyComputer();
    try {
      computer.probes = { ...computer.probes, env: { ...computer.probes.env, ...process.env } };
      writeFileSync(join(computer.folder, 'helper.py'), '');
      const script = join(computer.folder, 'train.py');
      writeFileSync(script, 'import json, helper, katydid_no_such_module\n');
      withExperiment(computer, { command: ['python3', script] });
      const found = complaints(await examined(computer)).filter(({ id }) => id === 'python-modules');
      expect(found).toMatchObject([{ level: 'problem' }]);
      expect(found[0]?.text).toMatch(/has no module katydid_no_such_module\. /);
    } finally {
      for (const cleanup of computer.cleanups) await cleanup();
    }
  },
);
