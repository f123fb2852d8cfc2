import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MemoryLimits } from '../../../local/kubelet/memory-limits.ts';
import { readSessions, usesMoreThan } from '../../../local/kubelet/session-memory.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/command.ts';
import { KubeletHarness, once } from './kubelet-harness.ts';

interface ProcessFacts {
  session: number;
  kilobytes: number;
  /** Its part, where it shares memory with others. */
  shares?: number;
}

/** A process as /proc shows it. */
function writeProcess(proc: string, pid: number, { session, kilobytes, shares }: ProcessFacts): void {
  const directory = path.join(proc, String(pid));
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'stat'), `${pid} (a (b) c) S 1 ${pid} ${session} 0 -1 0`);
  writeFileSync(
    path.join(directory, 'status'),
    `Name:\tx\nVmRSS:\t  999999 kB\nRssAnon:\t  ${kilobytes} kB\nRssFile:\t 888888 kB\nRssShmem:\t  0 kB\nVmSwap:\t  0 kB\n`,
  );
  if (shares === undefined) return;
  const rollup = `Rss:  999999 kB\nPss_Anon:  ${shares} kB\nPss_File:  888888 kB\nPss_Shmem:  0 kB\nSwapPss:  0 kB\n`;
  writeFileSync(path.join(directory, 'smaps_rollup'), rollup);
}

describe('the memory of a session', () => {
  it.each<[string, number, ProcessFacts, boolean]>([
    ['below the limit', 1_999, { session: 10, kilobytes: 1 }, false],
    ['of several processes together', 1_000, { session: 10, kilobytes: 1_100 }, true],
    ['without what other sessions use', 1_000, { session: 20, kilobytes: 9_000 }, false],
    ['with shared memory counted once', 1_000, { session: 10, kilobytes: 1_100, shares: 10 }, false],
  ])('%s', (_, first, second, exceeded) => {
    using folder = temporaryFolder();
    const shares = second.shares === undefined ? {} : { shares: 10 };
    writeProcess(folder.path, 10, { session: 10, kilobytes: first, ...shares });
    writeProcess(folder.path, 11, second);
    const pids = readSessions(folder.path).get(10) ?? [];
    expect(usesMoreThan(2_000 * 1_024, pids, folder.path)).toBe(exceeded);
  });

  it('is nothing where the system does not tell', () => {
    expect(readSessions('/no/such/directory').size).toBe(0);
    expect(usesMoreThan(0, [1], '/no/such/directory')).toBe(false);
  });
});

describe('the watch over limits', () => {
  it('looks at the system once for all containers, and not at all without limits', async () => {
    const clock = new FakeClock();
    let looks = 0;
    const limits = new MemoryLimits(clock, () => {
      looks++;
      return new Map();
    });
    limits.watch(1, null, () => undefined);
    await clock.advance(10_000);
    expect(looks).toBe(0);
    const cancels = [limits.watch(1, 10, () => undefined), limits.watch(2, 10, () => undefined)];
    await clock.advance(1_000);
    expect(looks).toBe(2);
    for (const cancel of cancels) cancel();
    await clock.advance(10_000);
    expect(looks).toBe(2);
  });
});

it.runIf(process.platform === 'linux')(
  'a container that exceeds its limit is killed and says so',
  async () => {
    await using harness = new KubeletHarness().start();
    const script = 'globalThis.kept = Buffer.alloc(200 * 2 ** 20, 1); setTimeout(() => undefined, 60_000)';
    const resources = { limits: { memory: '100Mi' } };
    // The child's memory counts: a shell stands before many trainings.
    const command = ['sh', '-c', 'node -e "$SCRIPT"; echo over'];
    const env = [{ name: 'SCRIPT', value: script }];
    const pod = await harness.finish(once({ name: 'main', command, env, resources }));
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 137,
      signal: 9,
      reason: 'OOMKilled',
      message: expect.stringContaining('memory') as string,
    });
  },
);
