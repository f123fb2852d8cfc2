import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../core/clock.ts';
import { UNLIMITED_SPACE } from '../../../core/disk-space.ts';
import { silentLogger } from '../../../core/logger.ts';
import { ContainerLog } from '../../../local/kubelet/container-log.ts';
import { containerLogFile, markLogEnded } from '../../../local/kubelet/log-files.ts';
import { readPodLog } from '../../../local/kubelet/pod-logs.ts';
import { temporaryFolder } from '../../support/command.ts';

const POD = { namespace: 'ns', pod: 'pod-0', container: 'main' };

function openLog(dataDir: string, restartCount: number, maxBytes = 1_000_000): ContainerLog {
  const file = containerLogFile(path.join(dataDir, 'logs/ns/pod-0'), 'main', restartCount);
  return new ContainerLog({
    file,
    maxBytes,
    clock: systemClock,
    logger: silentLogger,
    space: UNLIMITED_SPACE,
  });
}

function writeLines(log: ContainerLog, from: number, to: number): void {
  for (let line = from; line <= to; line++) log.write('stdout', Buffer.from(`${line}\n`));
}

async function texts(query: Parameters<typeof readPodLog>[0]): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of readPodLog(query)) lines.push(text);
  return lines;
}

describe('a log that is read', () => {
  it.each([
    { tailLines: undefined, expected: ['1', '2', '3', '4', '5'] },
    { tailLines: 2, expected: ['4', '5'] },
    { tailLines: 0, expected: [] },
    { tailLines: 99, expected: ['1', '2', '3', '4', '5'] },
  ])('gives its last $tailLines lines', async ({ tailLines, expected }) => {
    using folder = temporaryFolder();
    writeLines(openLog(folder.path, 0), 1, 5);
    expect(await texts({ ...POD, dataDir: folder.path, tailLines })).toEqual(expected);
  });

  it('begins with the older part that was rotated away', async () => {
    using folder = temporaryFolder();
    // A line takes 34 bytes: three lines in each file.
    writeLines(openLog(folder.path, 0, 110), 1, 5);
    expect(await texts({ ...POD, dataDir: folder.path })).toEqual(['1', '2', '3', '4', '5']);
    expect(await texts({ ...POD, dataDir: folder.path, tailLines: 3 })).toEqual(['3', '4', '5']);
  });

  it('is that of the newest start', async () => {
    using folder = temporaryFolder();
    for (const restartCount of [0, 2, 10])
      writeLines(openLog(folder.path, restartCount), restartCount, restartCount);
    expect(await texts({ ...POD, dataDir: folder.path })).toEqual(['10']);
  });

  it('is empty where there is none', async () => {
    using folder = temporaryFolder();
    expect(await texts({ ...POD, dataDir: folder.path })).toEqual([]);
  });
});

describe('a log that is followed', () => {
  it('goes on over rotations and restarts until the container has ended', async () => {
    using folder = temporaryFolder();
    const lines: string[] = [];
    const follow = (async () => {
      for await (const line of readPodLog({ ...POD, dataDir: folder.path, follow: true }))
        lines.push(line.text);
    })();
    const seen = async (count: number): Promise<void> => {
      while (lines.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const first = openLog(folder.path, 0, 110);
    writeLines(first, 1, 2);
    await seen(2);
    writeLines(first, 3, 4);
    await seen(4);
    first.close();
    const second = openLog(folder.path, 1);
    writeLines(second, 5, 6);
    second.close();
    markLogEnded(path.join(folder.path, 'logs/ns/pod-0'), 'main');
    await follow;
    expect(lines).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('ends when told to', async () => {
    using folder = temporaryFolder();
    const stop = new AbortController();
    const follow = texts({ ...POD, dataDir: folder.path, follow: true, signal: stop.signal });
    stop.abort();
    expect(await follow).toEqual([]);
  });
});
