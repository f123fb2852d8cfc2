import { describe, expect, it } from 'vitest';
import { createCoalescer } from '../../../api/stream/coalescer.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('what changes often', () => {
  it('is told once in an interval, as it is at its end', async () => {
    const clock = new FakeClock();
    const passed: string[] = [];
    const coalescer = createCoalescer<string>(clock, 250, (value) => passed.push(value));
    for (const value of ['a1', 'a2', 'a3']) coalescer.put('a', value);
    coalescer.put('b', 'b1');
    await clock.advance(249);
    expect(passed).toEqual([]);
    await clock.advance(1);
    expect(passed).toEqual(['a3', 'b1']);
    coalescer.put('a', 'a4');
    await clock.advance(250);
    expect(passed).toEqual(['a3', 'b1', 'a4']);
  });

  it('may be put together', async () => {
    const clock = new FakeClock();
    const passed: number[] = [];
    const coalescer = createCoalescer<number>(clock, 250, (value) => passed.push(value));
    for (const value of [1, 2, 3]) coalescer.put('sum', value, (waiting, next) => waiting + next);
    await clock.advance(250);
    expect(passed).toEqual([6]);
  });

  it('is not told after the end', async () => {
    const clock = new FakeClock();
    const passed: number[] = [];
    const coalescer = createCoalescer<number>(clock, 250, (value) => passed.push(value));
    coalescer.put('a', 1);
    coalescer.close();
    await clock.advance(250);
    expect(passed).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
