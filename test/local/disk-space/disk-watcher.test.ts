import { describe, expect, it } from 'vitest';
import { untilRoom } from '../../../core/disk-space.ts';
import { silentLogger } from '../../../core/logger.ts';
import {
  defaultFloor,
  DiskWatcher,
  freeSpaceOf,
  type FreeSpace,
} from '../../../local/disk-space/disk-watcher.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

/** A watched disk of 10 GiB whose facts the test sets. */
function watchDisk(floorBytes?: number): {
  disk: FreeSpace & { isGone: boolean };
  set: (facts: Partial<FreeSpace & { isGone: boolean }>) => Promise<void>;
  watcher: DiskWatcher;
  told: (string | null)[];
  stop: () => void;
} {
  const disk = { freeBytes: GIB, sizeBytes: 10 * GIB, freeFiles: 1_000 as number | null, isGone: false };
  const clock = new FakeClock();
  const look = (): FreeSpace => {
    if (disk.isGone) throw new Error('ENOENT');
    return disk;
  };
  const watcher = new DiskWatcher({ look, floorBytes, clock, logger: silentLogger });
  const told: (string | null)[] = [];
  watcher.onChange(() => told.push(watcher.shortage));
  const end = new AbortController();
  void watcher.run(end.signal);
  const set = async (facts: Partial<typeof disk>): Promise<void> => {
    Object.assign(disk, facts);
    await clock.advance(2_000);
  };
  return { disk, set, watcher, told, stop: () => end.abort() };
}

describe('the floor of free space', () => {
  it.each([
    ['a big disk', 500 * GIB, 64 * MIB],
    ['a disk of 2 GiB', 2 * GIB, 64 * MIB],
    ['a disk of 1 GiB', GIB, 0.05 * GIB],
    ['a tiny disk', 24 * MIB, 1.2 * MIB],
  ])('of %s', (_, sizeBytes, floor) => {
    expect(defaultFloor(sizeBytes)).toBeCloseTo(floor);
  });

  it.each<[string, Partial<FreeSpace>, number | undefined, boolean]>([
    ['enough is free', { freeBytes: 64 * MIB }, undefined, false],
    ['less than 64 MiB is free', { freeBytes: 64 * MIB - 1 }, undefined, true],
    ['less than the user asks for is free', { freeBytes: 2 * GIB }, 3 * GIB, true],
    ['little is free, and the user allows that', { freeBytes: MIB }, 0.5 * MIB, false],
    ['nothing is free, and the user wants no floor', { freeBytes: 0, freeFiles: 0 }, 0, false],
    ['no file can be made', { freeFiles: 0 }, undefined, true],
    ['the file system does not count files', { freeFiles: null }, undefined, false],
  ])('is kept where %s', async (_, facts, floor, isShort) => {
    const { set, watcher, stop } = watchDisk(floor);
    await set(facts);
    expect(watcher.shortage !== null).toBe(isShort);
    stop();
  });
});

describe('a watched disk', () => {
  it('says one thing as long as a shortage lasts, and goes on only with some room to spare', async () => {
    const { set, told, stop } = watchDisk();
    for (const mebibytes of [63, 12, 65, 79, 81, 70, 10]) await set({ freeBytes: mebibytes * MIB });
    expect(told).toEqual([
      'Only 63.0 MiB of at least 64.0 MiB are free on the disk of the data directory. No trial starts until there is room.',
      null,
      expect.stringContaining('Only 10.0 MiB'),
    ]);
    stop();
  });

  it('is full when a write says so, until it has looked well three times', async () => {
    const { set, watcher, told, stop } = watchDisk();
    watcher.noteFull();
    watcher.noteFull();
    for (let look = 0; look < 3; look++) await set({});
    expect(watcher.shortage).toContain('found no room');
    await set({});
    expect(told).toEqual([expect.stringContaining('found no room'), null]);
    stop();
  });

  it('is taken as it was last where it cannot be looked at', async () => {
    const { set, watcher, stop } = watchDisk();
    await set({ freeBytes: 0 });
    await set({ isGone: true });
    expect(watcher.shortage).not.toBeNull();
    await set({ isGone: false, freeBytes: GIB });
    expect(watcher.shortage).toBeNull();
    stop();
  });

  it('lets those who wait for room go on, or be stopped', async () => {
    const { set, watcher, stop } = watchDisk();
    await set({ freeBytes: 0 });
    const stopped = new AbortController();
    const given = untilRoom(watcher, new AbortController().signal);
    const givenUp = untilRoom(watcher, stopped.signal);
    stopped.abort(new Error('stopped'));
    await expect(givenUp).rejects.toThrow('stopped');
    await set({ freeBytes: GIB });
    await expect(given).resolves.toBeUndefined();
    stop();
  });

  it('tells of a real disk', () => {
    const { freeBytes, sizeBytes } = freeSpaceOf('/');
    expect(freeBytes).toBeLessThanOrEqual(sizeBytes);
    expect(sizeBytes).toBeGreaterThan(0);
  });
});
