import type { Resource } from './resource.ts';
import type { Schedule } from './rung-search.ts';
import { ranked, type RungTrial, type RungTrials } from './rung-trials.ts';

/** At which rung the configuration of the trial number `index` begins. */
export type FirstRung = (known: RungTrials, index: number) => number;

/**
 * Promotion as soon as it is earned: from the highest rung down, the best trial that belongs to the best 1/eta of its rung so far
 * and that none goes on from yet; where there is none a new configuration begins, at the lowest rung unless `firstRung` says
 * otherwise. Nothing is waited for. When a finite space is used up, the best that are left go on.
 *
 * L. Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020, algorithm 2.
 */
export function ashaSchedule({ values, eta }: Resource, firstRung: FirstRung = () => 0): Schedule {
  return (known, mayBegin, index) => {
    const { trials, promoted } = known;
    const rungs = values.map((_, rung) =>
      ranked(trials.filter((trial) => trial.rung === rung && !trial.isRunning)),
    );
    const isFree = ({ name, loss }: RungTrial): boolean => loss < Infinity && !promoted.has(name);
    const promotable = (divisor: number): ReturnType<Schedule> => {
      for (let rung = values.length - 2; rung >= 0; rung--) {
        const over = rungs[rung] ?? [];
        const parent = over.slice(0, Math.floor(over.length / divisor)).find(isFree);
        if (parent) return { bracket: null, rung: rung + 1, parent };
      }
      return null;
    };
    const earned = promotable(eta);
    if (earned) return earned;
    return mayBegin ? { bracket: null, rung: firstRung(known, index), parent: null } : promotable(1);
  };
}
