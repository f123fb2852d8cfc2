import { expect, it } from 'vitest';
import { StopRequest } from '../../../local/kubelet/stop-request.ts';
import { FakeClock } from '../../support/fake-clock.ts';

it('kills when the grace period is over', async () => {
  const clock = new FakeClock();
  const stop = new StopRequest(clock);
  stop.request('deleted', 30_000);
  expect([stop.asked.aborted, stop.kill.aborted]).toEqual([true, false]);
  await clock.advance(29_999);
  expect(stop.kill.aborted).toBe(false);
  await clock.advance(1);
  expect(stop.kill.aborted).toBe(true);
});

it('takes the shortest of several periods', async () => {
  const clock = new FakeClock();
  const stop = new StopRequest(clock);
  stop.request('deleted', 30_000);
  stop.request('deleted', 1_000);
  stop.request('deleted', 60_000);
  await clock.advance(1_000);
  expect(stop.kill.aborted).toBe(true);
});

it('kills at once without a grace period, and leaves no timer behind when all has ended', () => {
  const clock = new FakeClock();
  const removed = new StopRequest(clock);
  removed.request('removed', 0);
  expect(removed.kill.aborted).toBe(true);
  const ended = new StopRequest(clock);
  ended.request('deadline', 5_000);
  ended.settle();
  expect(clock.pending).toBe(0);
});

it('takes the shortest of several periods, also where the clock is set back in between', async () => {
  const clock = new FakeClock();
  const stop = new StopRequest(clock);
  stop.request('deleted', 5_000);
  clock.set(-3_600_000);
  stop.request('deleted', 30_000);
  await clock.advance(5_000);
  expect(stop.kill.aborted).toBe(true);
});
