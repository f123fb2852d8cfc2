import { describe, expect, it } from 'vitest';
import { isDiskFull } from '../../core/disk-space.ts';
import { KatydidError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import { retryWhileFull } from '../../core/retry-while-full.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { FakeDiskSpace } from '../support/fake-disk-space.ts';

const full = (): Error => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

it.each<[string, unknown, boolean]>([
  ['the system says so', full(), true],
  ['a quota is used up', Object.assign(new Error('quota'), { code: 'EDQUOT' }), true],
  ['SQLite says so', Object.assign(new Error('full'), { code: 'SQLITE_FULL' }), true],
  ['the store says so', new KatydidError('DB_FULL', 'full'), true],
  ['it is the cause of something else', new Error('no backup', { cause: full() }), true],
  ['a file is not there', Object.assign(new Error('not there'), { code: 'ENOENT' }), false],
  ['it is no error at all', 'ENOSPC', false],
])('a disk is taken for full: %s', (_, error, expected) => {
  expect(isDiskFull(error)).toBe(expected);
});

describe('work that a full disk refuses', () => {
  const clock = new FakeClock();
  const start = (
    work: () => number,
    signal = new AbortController().signal,
  ): { done: Promise<number>; space: FakeDiskSpace } => {
    const space = new FakeDiskSpace();
    return { done: retryWhileFull('work', { clock, logger: silentLogger, space }, signal, work), space };
  };

  it('is done when there is room', async () => {
    let attempts = 0;
    const { done, space } = start(() => {
      if (++attempts < 4) throw full();
      return attempts;
    });
    await clock.advance(3_000);
    expect([await done, space.refusals]).toEqual([4, 3]);
  });

  it('is given up when it is stopped, with what the disk said last', async () => {
    const stop = new AbortController();
    const { done } = start(() => {
      throw full();
    }, stop.signal);
    await settle();
    stop.abort();
    await expect(done).rejects.toThrow('no space left');
    expect(clock.pending).toBe(0);
  });

  it('is not tried again after any other error', async () => {
    const { done, space } = start(() => {
      throw new Error('wrong');
    });
    await expect(done).rejects.toThrow('wrong');
    expect(space.refusals).toBe(0);
  });
});
