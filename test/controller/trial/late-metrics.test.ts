import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conclude, type LateCollectors } from '../../../controller/trial/conclude.ts';
import type { TrialContext } from '../../../controller/trial/context.ts';
import type { CollectorKind } from '../../../core/experiment.ts';
import type { KubeObject } from '../../../core/kubernetes-object.ts';
import { silentLogger } from '../../../core/logger.ts';
import type { StoredTrial } from '../../../core/trial.ts';
import type { ObservationStore } from '../../../db/observation-store.ts';
import { openSqliteObservationStore } from '../../../db/sqlite/sqlite-observation-store.ts';
import { trial } from '../../support/experiment-objects.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

/* A job has succeeded; what the trial reports comes later than that. */

let clock: FakeClock;
let observations: ObservationStore;
let events: string[];
let written: StoredTrial | undefined;

beforeEach(() => {
  clock = new FakeClock();
  observations = openSqliteObservationStore({ path: ':memory:', logger: silentLogger });
  events = [];
  written = undefined;
});
afterEach(() => observations.close());

/** As much of the controllers' world as a conclusion needs. */
function context(): TrialContext {
  const needed = {
    client: {
      updateStatus: (_: unknown, object: KubeObject) => {
        written = object as StoredTrial;
        return Promise.resolve(object);
      },
      list: () => Promise.resolve({ items: [] }),
    },
    pods: { byIndex: () => [] },
    events: { record: (_: unknown, type: string, reason: string) => void events.push(`${type} ${reason}`) },
    observations,
    clock,
  };
  return needed as unknown as TrialContext;
}

/** Concludes the trial as its controller does: again and again while it is told to wait. Says how long that took. */
async function concluded(kind: CollectorKind): Promise<number> {
  const own = trial({ index: 0, state: 'Running', spec: { metricsCollector: { collector: { kind } } } });
  const late: LateCollectors = new Map();
  const startMs = clock.elapsed();
  const outcome = { uid: 'job', state: 'succeeded', reason: '', message: '' } as const;
  for (;;) {
    const result = await conclude(context(), late, own, outcome);
    if (!result?.requeueAfterMs) return clock.elapsed() - startMs;
    await clock.advance(result.requeueAfterMs);
    // The store answers in real time.
    for (let turn = 0; turn < 5; turn++) await settle();
  }
}

/** `loss` with this value, when so much time has passed since the job ended. */
function arrives(afterMs: number, value: number, { isLast }: { isLast: boolean }): void {
  const source = { trialUid: 'uid-exp-0', source: 'exp-0-0/training' };
  const observation = { metric: 'loss', value, step: afterMs, timeMs: afterMs, sequence: afterMs };
  const report = { read: 1, found: { loss: 1 }, otherNames: {}, notNumbers: {}, problems: [] };
  clock.after(afterMs, () => {
    void observations.report(source, [observation]);
    if (isLast) void observations.finish(source, report);
  });
}

function outcome(): string {
  const last = written?.status?.conditions?.at(-1);
  const [, code] = /\[(\w+)\]/.exec(last?.message ?? '') ?? [];
  return code ?? `${last?.type ?? ''} ${written?.status?.observation?.metrics?.[0]?.min ?? ''}`;
}

const COLLECTED = ['StdOut', 'File', 'TensorFlowEvent', 'PrometheusMetric', 'Custom'] as const;

describe('a report of the collector', () => {
  it.each(COLLECTED)('counts 9 s after the end of the job: %s', async (kind) => {
    arrives(9_000, 0.5, { isLast: true });
    expect(await concluded(kind)).toBeLessThan(10_000);
    expect(outcome()).toBe('Succeeded 0.5');
    expect(events).toEqual(['Normal JobSucceeded']);
  });

  it.each(COLLECTED)('does not count 11 s after: %s', async (kind) => {
    arrives(11_000, 0.5, { isLast: true });
    expect(await concluded(kind)).toBe(10_000);
    expect(outcome()).toBe('METRICS_COLLECTOR_NEVER_FINISHED');
  });

  it('that never comes leaves the values that came until then, with a doubt', async () => {
    arrives(0, 0.5, { isLast: false });
    arrives(9_000, 0.25, { isLast: false });
    arrives(11_000, 0.125, { isLast: false });
    expect(await concluded('File')).toBe(10_000);
    expect(outcome()).toBe('Succeeded 0.25');
    expect(events).toEqual(['Warning MetricsIncomplete', 'Normal JobSucceeded']);
  });

  it('that is there is not waited for', async () => {
    arrives(0, 0.5, { isLast: true });
    await clock.advance(0);
    expect(await concluded('Custom')).toBe(0);
  });

  it('is waited for as long as it takes, whatever the clock is set to', async () => {
    clock.after(1_000, () => clock.set(3_600_000));
    clock.after(2_000, () => clock.set(-7_200_000));
    arrives(9_000, 0.5, { isLast: true });
    await concluded('File');
    expect(outcome()).toBe('Succeeded 0.5');
  });
});

describe('a value that is pushed', () => {
  it('counts 9 s after the end of the job', async () => {
    arrives(9_000, 0.5, { isLast: false });
    expect(await concluded('Push')).toBeLessThan(10_000);
    expect(outcome()).toBe('Succeeded 0.5');
    expect(events).toEqual(['Normal JobSucceeded']);
  });

  it('does not count 11 s after', async () => {
    arrives(11_000, 0.5, { isLast: false });
    expect(await concluded('Push')).toBe(10_000);
    expect(outcome()).toBe('METRICS_NEVER_PUSHED');
  });

  it('is not waited for where the objective is there', async () => {
    arrives(0, 0.5, { isLast: false });
    await clock.advance(0);
    expect(await concluded('Push')).toBe(0);
    expect(outcome()).toBe('Succeeded 0.5');
  });
});

it('without a collector nothing is waited for', async () => {
  arrives(1_000, 0.5, { isLast: true });
  expect(await concluded('None')).toBe(0);
  expect(outcome()).toBe('METRICS_NO_COLLECTOR');
});
