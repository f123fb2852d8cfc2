import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwakeTime } from '../../core/awake-time.ts';
import { deadlineAfter, systemClock } from '../../core/clock.ts';
import { notBefore } from '../../core/time.ts';
import { FakeClock } from '../support/fake-clock.ts';

const HOUR_MS = 3_600_000;

describe('a clock that is set while the process runs', () => {
  it.each([
    ['forward', HOUR_MS],
    ['back', -HOUR_MS],
  ])('%s tells how long ago a time is that it showed before', async (_, byMs) => {
    const clock = new FakeClock();
    const writtenMs = clock.now();
    await clock.advance(10_000);
    clock.set(byMs);
    await clock.advance(5_000);
    expect(clock.now() - clock.momentOf(writtenMs)).toBe(15_000);
    const laterMs = clock.now();
    await clock.advance(1_000);
    expect(clock.now() - clock.momentOf(laterMs)).toBe(1_000);
  });

  it('knows times of several settings, without their fractions of a second', async () => {
    const clock = new FakeClock(Date.UTC(2026, 0, 1) + 700);
    const written: { timeMs: number; elapsedMs: number }[] = [];
    for (const byMs of [HOUR_MS, -3 * HOUR_MS, 10 * HOUR_MS, -5_000]) {
      written.push({ timeMs: Math.floor(clock.now() / 1_000) * 1_000, elapsedMs: clock.elapsed() });
      await clock.advance(60_300);
      clock.set(byMs);
      clock.now();
      await clock.advance(20_000);
    }
    for (const { timeMs, elapsedMs } of written) {
      const agoMs = clock.now() - clock.momentOf(timeMs);
      expect(Math.abs(agoMs - (clock.elapsed() - elapsedMs))).toBeLessThan(1_000);
    }
  });

  it('takes a time of an earlier process as it is, and one that lies ahead too', async () => {
    const clock = new FakeClock();
    await clock.advance(1_000);
    for (const byMs of [-2 * HOUR_MS, 7 * HOUR_MS])
      expect(clock.momentOf(clock.now() + byMs)).toBe(clock.now() + byMs);
    expect(clock.momentOf(Number.NaN)).toBeNaN();
  });

  it('does not change what has elapsed', async () => {
    const clock = new FakeClock();
    const before = clock.elapsed();
    clock.set(-HOUR_MS);
    await clock.advance(100);
    expect(clock.elapsed() - before).toBe(100);
  });
});

describe('a process that is stopped', () => {
  it('does not count the time', async () => {
    const clock = new FakeClock();
    const writtenMs = clock.now();
    await clock.advance(2_000);
    await clock.standStill(60_000);
    await clock.advance(1_000);
    expect(clock.now() - clock.momentOf(writtenMs)).toBe(3_000);
  });

  it('is given the rest of a deadline, in which it hears what happened meanwhile', async () => {
    const clock = new FakeClock();
    const ended = vi.fn();
    deadlineAfter(clock, 10_000, ended);
    await clock.advance(9_500);
    await clock.standStill(60_000);
    expect(ended).not.toHaveBeenCalled();
    await clock.advance(499);
    expect(ended).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(ended).toHaveBeenCalledOnce();
  });

  it('is not ended by a deadline that was cancelled in between', async () => {
    const clock = new FakeClock();
    const ended = vi.fn();
    const cancel = deadlineAfter(clock, 10_000, ended);
    await clock.standStill(60_000);
    cancel();
    await clock.advance(60_000);
    expect(ended).not.toHaveBeenCalled();
    expect(clock.pending).toBe(0);
  });
});

describe('the time for which a process is awake', () => {
  let nowMs = 0;
  const awake = (): AwakeTime => new AwakeTime(() => nowMs);

  beforeEach(() => {
    nowMs = 1_000;
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Lets the beat come on time. */
  const live = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 100) {
      nowMs += 100;
      vi.advanceTimersByTime(100);
    }
  };

  it('is all time where nobody watches', () => {
    const time = awake();
    nowMs += HOUR_MS;
    expect(time.elapsed()).toBe(1_000 + HOUR_MS);
  });

  it('lacks what the process was stopped for, whoever asks first, and never goes back', () => {
    const time = awake();
    const forget = time.watch();
    live(10_200);
    const before = time.elapsed();
    expect(before).toBe(11_200);
    nowMs += 60_000;
    expect(time.elapsed()).toBe(before);
    live(1_000);
    expect(time.elapsed()).toBe(before + 1_000);
    nowMs += 60_000;
    live(1_000);
    expect(time.elapsed() - before).toBeLessThanOrEqual(2_100);
    forget();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has all of a quiet time in which nobody asks', () => {
    const time = awake();
    const forget = time.watch();
    live(HOUR_MS / 60);
    expect(time.elapsed()).toBe(1_000 + HOUR_MS / 60);
    forget();
  });
});

it('the clock of the system tells the time of the day and how it passes', () => {
  const nowMs = systemClock.now();
  expect(Math.abs(nowMs - Date.now())).toBeLessThan(1_000);
  expect(systemClock.momentOf(nowMs)).toBeLessThanOrEqual(systemClock.now());
  expect(systemClock.elapsed()).toBeGreaterThan(0);
});

it.each([
  ['2026-01-01T12:00:00Z', '2026-01-01T13:00:00Z', '2026-01-01T13:00:00Z'],
  ['2026-01-01T12:00:00Z', '2026-01-01T11:00:00Z', '2026-01-01T12:00:00Z'],
  [undefined, '2026-01-01T11:00:00Z', '2026-01-01T11:00:00Z'],
])('what began at %s ends, at %s, at %s', (began, now, ends) => {
  expect(notBefore(began, Date.parse(now))).toBe(ends);
});
