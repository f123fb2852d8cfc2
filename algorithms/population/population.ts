import { PBT_GENERATION_LABEL, PBT_MEMBER_LABEL } from '../../core/labels.ts';
import { HISTORY_STATE, type TrialHistory } from '../trial-history.ts';

/** One generation of the training of one member. */
export interface MemberTrial {
  readonly row: number;
  readonly name: string;
  readonly member: number;
  readonly generation: number;
  readonly isRunning: boolean;
  /** Less is better; Infinity where there is none or the trial did not come to its end. */
  readonly loss: number;
}

/** The newest trial of each member, by its number; and all trials by generation. */
export interface Population {
  readonly newest: Map<number, MemberTrial>;
  readonly generations: Map<number, MemberTrial[]>;
}

/** Reads what each trial is from its labels; trials without are none of the population's. `sign` is 1 where less is better and -1 where more is. */
export function readPopulation(history: TrialHistory, sign: 1 | -1): Population {
  const population: Population = { newest: new Map(), generations: new Map() };
  for (let row = 0; row < history.size; row++) {
    const tag = history.tag(row);
    const member = wholeNumber(tag?.labels[PBT_MEMBER_LABEL]);
    const generation = wholeNumber(tag?.labels[PBT_GENERATION_LABEL]);
    if (!tag || member === undefined || generation === undefined) continue;
    const state = history.state(row);
    const value = sign * history.value(row);
    addMemberTrial(population, {
      row,
      name: tag.name,
      member,
      generation,
      isRunning: state === HISTORY_STATE.running,
      loss: state === HISTORY_STATE.succeeded && Number.isFinite(value) ? value : Infinity,
    });
  }
  return population;
}

export function addMemberTrial({ newest, generations }: Population, trial: MemberTrial): void {
  const known = newest.get(trial.member);
  if (!known || trial.generation > known.generation) newest.set(trial.member, trial);
  const generation = generations.get(trial.generation);
  if (generation) generation.push(trial);
  else generations.set(trial.generation, [trial]);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
