import { expect, it } from 'vitest';
import { wakeUp } from '../../../cli/run/wake-up.ts';
import { FakeClock } from '../../support/fake-clock.ts';

it('sleeps its time when nothing happens', async () => {
  const clock = new FakeClock();
  let awake = false;
  void wakeUp(clock)
    .sleep(1000)
    .then(() => (awake = true));
  await clock.advance(999);
  expect(awake).toBe(false);
  await clock.advance(1);
  expect(awake).toBe(true);
});

it('wakes when called, and leaves no timer behind', async () => {
  const clock = new FakeClock();
  const change = wakeUp(clock);
  const sleeping = change.sleep(1000);
  change.call();
  await sleeping;
  expect(clock.pending).toBe(0);
});

it('does not miss a call from before, and remembers it once', async () => {
  const clock = new FakeClock();
  const change = wakeUp(clock);
  change.call();
  change.call();
  await change.sleep(1000);
  void change.sleep(1000);
  expect(clock.pending).toBe(1);
});
