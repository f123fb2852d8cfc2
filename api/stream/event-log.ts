/** Something that readers of the stream are told. */
export interface StreamEvent {
  readonly type: 'experiment' | 'trial' | 'observations';
  readonly namespace: string;
  /** The experiment that it is about or belongs to. */
  readonly experiment: string;
  /** JSON. */
  readonly data: string;
}

/** Numbered from 1, without a gap. */
export type NumberedEvent = StreamEvent & { readonly seq: number };

/** The newest events, for readers that come back after their connection was cut, and for those that are slow. */
export interface EventLog {
  /** The number of the newest event; 0 before the first. */
  readonly end: number;
  append(event: StreamEvent): void;
  /** At most `limit` events with greater numbers; null where some of them are not kept any more, or never were. */
  after(seq: number, limit: number): readonly NumberedEvent[] | null;
  /** Calls `listener` once, when the next event comes. The function returned takes that back. */
  onNext(listener: () => void): () => void;
}

export interface EventLogLimits {
  readonly events: number;
  /** Of all data together, in UTF-16 units. */
  readonly length: number;
}

/** At the four updates a second and object that there are at most, a minute and more of a busy service. */
const LIMITS: EventLogLimits = { events: 20_000, length: 10 * 1_048_576 };

export function createEventLog(limits: EventLogLimits = LIMITS): EventLog {
  const kept = new Map<number, NumberedEvent>();
  const waiting = new Set<() => void>();
  let end = 0;
  let oldest = 1;
  let length = 0;
  const forgetOldest = (): void => {
    length -= kept.get(oldest)?.data.length ?? 0;
    kept.delete(oldest);
    oldest++;
  };
  return {
    get end() {
      return end;
    },
    append(event) {
      end++;
      kept.set(end, { ...event, seq: end });
      length += event.data.length;
      while (kept.size > limits.events || (length > limits.length && kept.size > 1)) forgetOldest();
      const called = [...waiting];
      waiting.clear();
      for (const listener of called) listener();
    },
    after(seq, limit) {
      if (seq > end || seq + 1 < oldest) return null;
      const count = Math.min(limit, end - seq);
      return Array.from({ length: count }, (_, at) => kept.get(seq + 1 + at)).filter(
        (event) => event !== undefined,
      );
    },
    onNext(listener) {
      waiting.add(listener);
      return () => waiting.delete(listener);
    },
  };
}
