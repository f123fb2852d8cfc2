import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { randomStream } from '../../core/random.ts';
import { WorkQueue } from '../../kube/work-queue.ts';
import { FakeClock } from '../support/fake-clock.ts';

let clock: FakeClock;
let queue: WorkQueue;

beforeEach(() => {
  clock = new FakeClock();
  queue = new WorkQueue({ clock, random: randomStream('queue') });
});

describe('keys that wait', () => {
  test('come out in the order in which they were added, each once', async () => {
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    expect(queue.length).toBe(3);
    expect([await queue.take(), await queue.take(), await queue.take()]).toEqual(['a', 'b', 'c']);
  });

  test('go to a worker that waits already', async () => {
    const taken = queue.take();
    queue.add('a');
    expect(await taken).toBe('a');
    expect(queue.length).toBe(0);
  });
});

describe('a key that is being processed', () => {
  test('is not handed out again before it is done, and then once', async () => {
    queue.add('a');
    await queue.take();
    queue.add('a');
    queue.add('a');
    queue.add('b');
    expect(await queue.take()).toBe('b');
    expect(queue.length).toBe(0);
    queue.done('a');
    expect(await queue.take()).toBe('a');
    queue.done('a');
    expect(queue.length).toBe(0);
  });

  test('is not in the queue when nobody added it meanwhile', async () => {
    queue.add('a');
    await queue.take();
    queue.done('a');
    expect(queue.length).toBe(0);
  });
});

describe('a delayed key', () => {
  test('comes when its time has passed, the earliest of its delays', async () => {
    queue.addAfter('a', 500);
    queue.addAfter('a', 100);
    queue.addAfter('a', 300);
    await clock.advance(99);
    expect(queue.length).toBe(0);
    await clock.advance(1);
    expect(queue.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test('comes at once without a delay', () => {
    queue.addAfter('a', 0);
    expect(queue.length).toBe(1);
  });
});

describe('a key that fails', () => {
  test('waits longer each time, at most a minute, until it is forgotten', async () => {
    const waits: number[] = [];
    for (let failure = 0; failure < 20; failure++) {
      waits.push(queue.retry('a'));
      await clock.advance(60_000);
      await queue.take();
      queue.done('a');
    }
    expect(waits[0]).toBeLessThanOrEqual(5);
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(Math.min(60_000, 5 * 2 ** index) / 2);
      expect(wait).toBeLessThanOrEqual(60_000);
    }
    queue.forget('a');
    expect(queue.retry('a')).toBeLessThanOrEqual(5);
  });

  test('does not slow others down', () => {
    for (let failure = 0; failure < 10; failure++) queue.retry('a');
    expect(queue.retry('b')).toBeLessThanOrEqual(5);
  });
});

describe('shutting down', () => {
  test('lets every worker go and drops what waits', async () => {
    const waiting = [queue.take(), queue.take()];
    queue.shutDown();
    queue.add('a');
    queue.addAfter('b', 10);
    expect(await Promise.all([...waiting, queue.take()])).toEqual([undefined, undefined, undefined]);
    expect(clock.pending).toBe(0);
  });

  test('does not bring a key back whose processing ends later', async () => {
    queue.add('a');
    await queue.take();
    queue.add('a');
    queue.shutDown();
    queue.done('a');
    expect(queue.length).toBe(0);
  });
});

test('no key is lost and none is processed twice at the same time, whatever the workers do', async () => {
  const step = fc.oneof(
    fc.record({ op: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ op: fc.constantFrom('take' as const, 'done' as const), key: fc.constant('') }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const target = new WorkQueue({ clock, random: randomStream('property') });
      const running: string[] = [];
      const owed = new Set<string>();
      const take = async (): Promise<void> => {
        const key = await target.take();
        if (key === undefined) return;
        expect(running).not.toContain(key);
        expect(owed.delete(key)).toBe(true);
        running.push(key);
      };
      for (const { op, key } of steps) {
        if (op === 'add') {
          target.add(key);
          owed.add(key);
        } else if (op === 'take' && target.length > 0) await take();
        else if (op === 'done' && running.length > 0) target.done(running.shift() ?? '');
      }
      for (const key of running.splice(0)) target.done(key);
      while (target.length > 0) await take();
      expect(owed).toEqual(new Set());
    }),
  );
});

test.each([3_600_000, -3_600_000])(
  'the earliest of several delays counts, also where the clock is set by %i ms in between',
  async (byMs) => {
    queue.addAfter('a', 10_000);
    clock.set(byMs);
    queue.addAfter('a', 5_000);
    queue.addAfter('a', 8_000);
    await clock.advance(4_999);
    expect(queue.length).toBe(0);
    await clock.advance(1);
    expect(queue.length).toBe(1);
    expect(clock.pending).toBe(0);
  },
);
