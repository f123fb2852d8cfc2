import { afterEach, beforeEach, expect, it } from 'vitest';
import { listenForStop, type StopRequest } from '../../../cli/run/stop-request.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const clock = new FakeClock();
let told: string[];
let stop: StopRequest | undefined;

beforeEach(() => (told = []));
afterEach(() => stop?.dispose());

function listen(timeoutMs: number | null): StopRequest {
  stop = listenForStop(clock, timeoutMs, {
    onAsked: (end) => void told.push(end),
    onImpatient: () => void told.push('impatient'),
  });
  return stop;
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s asks once, and again it is impatience', (signal) => {
  const request = listen(null);
  expect([request.signal.aborted, request.end]).toEqual([false, 'finished']);
  process.emit(signal);
  expect([request.signal.aborted, request.end]).toEqual([true, 'interrupted']);
  process.emit('SIGINT');
  expect(told).toEqual(['interrupted', 'impatient']);
  expect(request.end).toBe('interrupted');
});

it('the time-out asks, too, and is no impatience after a signal', async () => {
  const request = listen(5000);
  await clock.advance(4999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect([told, request.end]).toEqual([['timedOut'], 'timedOut']);
});

it('the time-out does not count time for which the command is stopped', async () => {
  listen(5000);
  await clock.standStill(60_000);
  await clock.advance(4999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(['timedOut']);
});

it('the first reason counts', async () => {
  const request = listen(5000);
  process.emit('SIGTERM');
  await clock.advance(6000);
  expect([told, request.end]).toEqual([['interrupted'], 'interrupted']);
});

it('signals and timer are given back', async () => {
  const before = process.listenerCount('SIGINT');
  const request = listen(5000);
  expect(process.listenerCount('SIGINT')).toBe(before + 1);
  request.dispose();
  await clock.advance(6000);
  expect([process.listenerCount('SIGINT'), clock.pending, told]).toEqual([before, 0, []]);
});
