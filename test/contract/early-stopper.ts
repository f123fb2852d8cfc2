import fc from 'fast-check';
import { expect, it } from 'vitest';
import type {
  CurveReport,
  EarlyStopper,
  StoppingDecision,
  StoppingProblem,
} from '../../algorithms/early-stopping/early-stopper.ts';
import { replay, type PastTrial } from '../../algorithms/early-stopping/replay.ts';
import type { Settings } from '../../algorithms/search-algorithm.ts';

export const LOSS: StoppingProblem = { metric: 'loss', direction: 'minimize', standing: 'best' };
const GAIN: StoppingProblem = { ...LOSS, direction: 'maximize' };

export interface StopperCase {
  stopper: EarlyStopper;
  settings: Settings;
  /** The same settings for values that are mapped: bounds move with them. */
  mapped?: (map: (value: number) => number) => Settings;
  /** Compares a trial with the others. */
  isRelative: boolean;
}

/** Reports of several trials, each with steps that grow, in one order. Whole numbers, so that sums are exact. */
const VALUE = fc.oneof(
  { arbitrary: fc.integer({ min: -64, max: 64 }), weight: 20 },
  { arbitrary: fc.constantFrom(NaN, Infinity, -Infinity), weight: 1 },
);
export const REPORTS = fc
  .array(fc.record({ trial: fc.integer({ min: 0, max: 7 }), value: VALUE, skips: fc.nat(2) }), {
    maxLength: 120,
  })
  .map((drawn) => {
    const steps = new Map<number, number>();
    return drawn.map(({ trial, value, skips }): CurveReport => {
      const step = (steps.get(trial) ?? 0) + (skips === 2 ? 2 : 1);
      steps.set(trial, step);
      return { trial: `t-${trial}`, step, value };
    });
  });

export function decisionsOf(
  { stopper, settings }: Pick<StopperCase, 'stopper' | 'settings'>,
  reports: readonly CurveReport[],
  problem: StoppingProblem = LOSS,
): (StoppingDecision | null)[] {
  const rule = stopper.create(problem, settings);
  return reports.map((report) => rule.report(report));
}

const outcome = (decisions: readonly (StoppingDecision | null)[]): unknown =>
  decisions.map((decision) => decision && [decision.stop, decision.step, decision.peers]);

/** What every early stopper has to keep to, whatever its rule. */
export function earlyStopperContract(subject: StopperCase): void {
  const { stopper, settings, mapped = () => settings, isRelative } = subject;
  const mappedCase = (map: (value: number) => number): StopperCase => ({ ...subject, settings: mapped(map) });
  const mapValues = (reports: CurveReport[], map: (value: number) => number): CurveReport[] =>
    reports.map((report) => ({ ...report, value: map(report.value) }));

  it('accepts its own settings', () => {
    for (const [name, value] of Object.entries(settings))
      expect(stopper.settings.find((spec) => spec.name === name)?.check(value)).toBeUndefined();
    expect(stopper.problems(settings)).toEqual([]);
    for (const setting of stopper.settings)
      if (setting.defaultValue !== null) expect(setting.check(setting.defaultValue)).toBeUndefined();
  });

  it('decides the same in any process', () => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        expect(decisionsOf(subject, reports)).toEqual(decisionsOf(subject, reports));
      }),
    );
  });

  it('maximizes as it minimizes', () => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        const mirrored = decisionsOf(
          mappedCase((value) => -value),
          mapValues(reports, (value) => -value),
          GAIN,
        );
        expect(outcome(mirrored)).toEqual(outcome(decisionsOf(subject, reports)));
      }),
    );
  });

  it.each([
    ['scale', (value: number) => value * 4],
    ['origin', (value: number) => value + 32],
  ])('does not depend on the %s of the objective', (_, map) => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        const moved = decisionsOf(mappedCase(map), mapValues(reports, map));
        expect(outcome(moved)).toEqual(outcome(decisionsOf(subject, reports)));
      }),
    );
  });

  it('knows the same whatever the order in which trials reported', () => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        const grouped = reports.toSorted((a, b) => (a.trial < b.trial ? -1 : Number(a.trial > b.trial)));
        const probe: CurveReport[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((step) => ({
          trial: 'probe',
          step,
          value: 5,
        }));
        const known = (order: CurveReport[]): unknown =>
          decisionsOf(subject, [...order, ...probe]).slice(order.length);
        expect(known(grouped)).toEqual(known(reports));
      }),
    );
  });

  it('forgets all of a trial that starts over', () => {
    fc.assert(
      fc.property(REPORTS, REPORTS, (before, after) => {
        const rule = stopper.create(LOSS, settings);
        const trials = new Set(before.map(({ trial }) => trial));
        for (const report of before) rule.report(report);
        for (const trial of trials) rule.forget(trial);
        rule.forget('never seen');
        expect(after.map((report) => rule.report(report))).toEqual(decisionsOf(subject, after));
      }),
    );
  });

  it('gives a reason where it stops, and a record that JSON can hold but for NaN', () => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        for (const decision of decisionsOf(subject, reports)) {
          if (!decision) continue;
          expect(decision.rule).toBe(stopper.name);
          expect(decision.reason !== '').toBe(decision.stop);
          expect(decision.reason).not.toMatch(/NaN|Infinity|undefined/);
          expect(decision.peers).toBeLessThan(8);
          if (decision.threshold !== null) expect(Number.isFinite(decision.threshold)).toBe(true);
          expect(Math.abs(decision.value)).not.toBe(Infinity);
        }
      }),
    );
  });

  it('says nothing of a step that is not a new one', () => {
    fc.assert(
      fc.property(REPORTS, fc.integer({ min: -64, max: 64 }), (reports, value) => {
        const rule = stopper.create(LOSS, settings);
        for (const report of reports) {
          rule.report(report);
          expect(rule.report({ ...report, value })).toBeNull();
        }
      }),
    );
  });

  it('counts reports where the training tells no steps', () => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        const counts = new Map<string, number>();
        const counted = reports.map((report) => {
          const step = (counts.get(report.trial) ?? 0) + 1;
          counts.set(report.trial, step);
          return { ...report, step };
        });
        const without = reports.map((report) => ({ ...report, step: null }));
        expect(decisionsOf(subject, without)).toEqual(decisionsOf(subject, counted));
      }),
    );
  });

  it('does in a replay what it did while the trials ran', () => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        const rule = stopper.create(LOSS, settings);
        const stopped = new Map<string, StoppingDecision>();
        const past = new Map<string, { step: number | null; value: number; timeMs: number }[]>();
        reports.forEach(({ trial, step, value }, timeMs) => {
          past.set(trial, [...(past.get(trial) ?? []), { step, value, timeMs }]);
          if (stopped.has(trial)) return;
          const decision = rule.report({ trial, step, value });
          if (decision?.stop === true) stopped.set(trial, decision);
        });
        const trials: PastTrial[] = [...past].map(([name, list]) => ({ name, reports: list }));
        const { trials: replayed } = replay(stopper.create(LOSS, settings), LOSS, trials);
        for (const { name, decision } of replayed) expect(decision).toEqual(stopped.get(name) ?? null);
      }),
    );
  });

  if (!isRelative) return;

  it('never stops the best trial so far', () => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        const best = new Map<string, number>();
        const decisions = decisionsOf(subject, reports);
        reports.forEach(({ trial, value }, index) => {
          const own = Math.min(best.get(trial) ?? Infinity, Number.isFinite(value) ? value : Infinity);
          best.set(trial, own);
          if (own < Infinity && own === Math.min(...best.values()))
            expect(decisions[index]?.stop ?? false).toBe(false);
        });
      }),
    );
  });

  it('never stops a trial that is alone, unless it has no number', () => {
    fc.assert(
      fc.property(REPORTS, (reports) => {
        const alone = reports.map((report) => ({ ...report, trial: 'only' }));
        const numbers = alone.filter(({ value }) => Number.isFinite(value));
        expect(decisionsOf(subject, numbers).some((decision) => decision?.stop)).toBe(false);
      }),
    );
  });
}
