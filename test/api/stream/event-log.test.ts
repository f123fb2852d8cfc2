import { describe, expect, it, vi } from 'vitest';
import { createEventLog, type StreamEvent } from '../../../api/stream/event-log.ts';

function event(data: string): StreamEvent {
  return { type: 'trial', namespace: 'default', experiment: 'exp', data };
}

describe('the event log', () => {
  it('gives what came after a number, in order, as much as is asked for', () => {
    const log = createEventLog({ events: 10, length: 1_000 });
    for (const data of ['a', 'b', 'c']) log.append(event(data));
    expect(log.after(0, 10)?.map(({ seq, data }) => [seq, data])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
    expect(log.after(1, 1)?.map(({ data }) => data)).toEqual(['b']);
    expect(log.after(3, 10)).toEqual([]);
  });

  it('says where something is missing, and never invents what comes later', () => {
    const log = createEventLog({ events: 2, length: 1_000 });
    for (const data of ['a', 'b', 'c']) log.append(event(data));
    expect(log.after(0, 10)).toBeNull();
    expect(log.after(1, 10)?.map(({ data }) => data)).toEqual(['b', 'c']);
    expect(log.after(4, 10)).toBeNull();
  });

  it('keeps no more text than it may, but always the newest event', () => {
    const log = createEventLog({ events: 100, length: 10 });
    for (const data of ['12345', '67890', 'x'.repeat(50)]) log.append(event(data));
    expect(log.after(1, 10)).toBeNull();
    expect(log.after(2, 10)).toHaveLength(1);
  });

  it('calls those who wait once', () => {
    const log = createEventLog();
    const [called, left] = [vi.fn(), vi.fn()];
    log.onNext(called);
    log.onNext(left)();
    log.append(event('a'));
    log.append(event('b'));
    expect(called).toHaveBeenCalledTimes(1);
    expect(left).not.toHaveBeenCalled();
  });
});
