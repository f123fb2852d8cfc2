import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../core/logger.ts';
import { UNLIMITED_SPACE } from '../../../core/disk-space.ts';
import { ContainerLog } from '../../../local/kubelet/container-log.ts';
import { rotatedLog } from '../../../local/kubelet/log-file.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { canMount, mountSmallDisk } from '../../support/small-disk.ts';
import { temporaryFolder } from '../../support/command.ts';

function openLog(
  folder: string,
  maxBytes = 1_000_000,
): { log: ContainerLog; file: string; clock: FakeClock } {
  const file = path.join(folder, 'ns/pod/main.0.log');
  const clock = new FakeClock();
  const options = { file, maxBytes, clock, logger: silentLogger, space: UNLIMITED_SPACE };
  return { log: new ContainerLog(options), file, clock };
}

describe('a container log', () => {
  it('has a line per line, with time and stream, in the order of arrival', async () => {
    using folder = temporaryFolder();
    const { log, file, clock } = openLog(folder.path);
    log.write('stdout', Buffer.from('one\ntw'));
    log.write('stderr', Buffer.from('oops\n'));
    await clock.advance(1_500);
    log.write('stdout', Buffer.from('o\n\nlast'));
    log.close();
    expect(readFileSync(file, 'utf8')).toBe(
      [
        '2026-01-01T00:00:00.000Z stdout one',
        '2026-01-01T00:00:00.000Z stderr oops',
        '2026-01-01T00:00:01.500Z stdout two',
        '2026-01-01T00:00:01.500Z stdout ',
        '2026-01-01T00:00:01.500Z stdout last',
        '',
      ].join('\n'),
    );
    expect(log.tail.last(2)).toBe('\nlast');
  });

  it('keeps characters whole that arrive in pieces', () => {
    using folder = temporaryFolder();
    const text = 'größer: 精度 0.9 🎉\nzweite Zeile: ü\n';
    const bytes = Buffer.from(text);
    let run = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 8 }), (cuts) => {
        const { log, file } = openLog(path.join(folder.path, String(run++)));
        const points = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        for (let index = 1; index < points.length; index++) {
          log.write('stdout', bytes.subarray(points[index - 1], points[index]));
        }
        log.close();
        expect(readFileSync(file, 'utf8').replace(/^\S+ stdout /gm, '')).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  it('is rotated when it gets too big and keeps the newest', () => {
    using folder = temporaryFolder();
    const { log, file } = openLog(folder.path, 200);
    for (let line = 0; line < 20; line++) log.write('stdout', Buffer.from(`line ${line}\n`));
    log.close();
    expect(readFileSync(file, 'utf8')).toContain('line 19');
    expect(readFileSync(file).length).toBeLessThanOrEqual(200);
    expect(readFileSync(rotatedLog(file)).length).toBeLessThanOrEqual(200);
  });

  it('splits a line without end instead of holding it in memory', () => {
    using folder = temporaryFolder();
    const { log, file } = openLog(folder.path);
    for (let chunk = 0; chunk < 5; chunk++) log.write('stdout', Buffer.alloc(32 * 1024, 'x'));
    expect(readFileSync(file, 'utf8').length).toBeGreaterThan(128 * 1024);
    log.close();
    expect(readFileSync(file, 'utf8').replace(/[^x]/g, '')).toHaveLength(160 * 1024);
  });

  it('keeps the log of an earlier start of the same name beside it', () => {
    using folder = temporaryFolder();
    const first = openLog(folder.path);
    first.log.write('stdout', Buffer.from('before\n'));
    first.log.close();
    const second = openLog(folder.path);
    second.log.close();
    expect(readFileSync(`${first.file}.previous`, 'utf8')).toContain('before');
    expect(readFileSync(second.file, 'utf8')).toBe('');
  });
});

describe.skipIf(!canMount())('a container log on a full disk', () => {
  it('has every line when there is room again, and holds the container up meanwhile', async () => {
    using disk = mountSmallDisk(4);
    if (!disk) throw new Error('no disk');
    const { log, file, clock } = openLog(path.join(disk.path, 'logs'), 1e9);
    const line = (number: number): string => `${number} ${'x'.repeat(1_000)}`;
    const write = (number: number): void => log.write('stdout', Buffer.from(`${line(number)}\n`));
    write(0);
    disk.fill();
    let count = 1;
    while (!log.heldUp && count < 5_000) write(count++);
    const held = log.heldUp;
    expect(count).toBeLessThan(1_500);
    const finished = log.finish(new AbortController().signal);
    await clock.advance(5_000);
    disk.relieve();
    await clock.advance(5_000);
    await Promise.all([held, finished]);
    const lines = readFileSync(file, 'utf8')
      .replace(/^\S+ stdout /gm, '')
      .trimEnd()
      .split('\n');
    expect(lines).toEqual(Array.from({ length: count }, (_, number) => line(number)));
  });

  it('ends without its last lines where the service stops before there is room', async () => {
    using disk = mountSmallDisk(4);
    if (!disk) throw new Error('no disk');
    const { log, file } = openLog(path.join(disk.path, 'logs'));
    log.write('stdout', Buffer.from('before\n'));
    disk.fill();
    for (let line = 0; line < 100; line++) log.write('stdout', Buffer.alloc(1_000, 'y'));
    await log.finish(AbortSignal.abort());
    expect(readFileSync(file, 'utf8')).toContain('before');
  });
});

describe('the end of a log', () => {
  it('is bounded in lines and bytes, without half characters', () => {
    using folder = temporaryFolder();
    const { log } = openLog(folder.path);
    for (let line = 0; line < 10_000; line++) log.write('stdout', Buffer.from(`zeile ü ${line}\n`));
    expect(log.tail.last(2)).toBe('zeile ü 9998\nzeile ü 9999');
    expect(Buffer.byteLength(log.tail.last())).toBeLessThanOrEqual(64 * 1024);
    expect(log.tail.last(1, 6)).toBe(' 9999'.slice(-6));
    expect(log.tail.last(1, 7)).toBe('ü 9999'.slice(-7));
    log.close();
  });
});
