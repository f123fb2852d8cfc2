import { expect, it } from 'vitest';
import { startPace } from '../../../cli/progress/pace.ts';

it('knows nothing before the first trial of this run, and nothing without a limit', () => {
  const pace = startPace(0, 3);
  expect(pace.remainingMs(3, 10, 5000)).toBeNull();
  expect(pace.remainingMs(4, null, 5000)).toBeNull();
});

it('goes on at the pace so far, not counting what had finished before', () => {
  const pace = startPace(0, 3);
  expect(pace.remainingMs(5, 10, 4000)).toBe(10_000);
});

it('counts down between two trials and never below nothing', () => {
  const pace = startPace(0, 0);
  pace.remainingMs(1, 3, 2000);
  expect(pace.remainingMs(1, 3, 3500)).toBe(2500);
  expect(pace.remainingMs(1, 3, 60_000)).toBe(0);
  expect(pace.remainingMs(2, 3, 60_000)).toBe(30_000);
});

it('is over when all have finished', () => {
  expect(startPace(0, 0).remainingMs(4, 4, 1000)).toBe(0);
});
