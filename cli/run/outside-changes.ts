import { desiredState, type DesiredState, type StoredExperiment } from '../../core/experiment.ts';

/** What others may ask of an experiment while it runs: by a command, over REST, or with kubectl. */
interface Asked {
  desired: DesiredState;
  budget: string;
}

export interface OutsideChanges {
  /** Looks at the experiment as it is now; undefined where it is not there. */
  look(key: string, experiment: StoredExperiment | undefined): void;
}

/** Tells what is changed in experiments from outside; what they are at first look is not told. */
export function createOutsideChanges(tell: (line: string) => void): OutsideChanges {
  const known = new Map<string, Asked>();
  return {
    look(key, experiment) {
      const before = known.get(key);
      const name = key.slice(key.indexOf('/') + 1);
      if (!experiment) {
        if (known.delete(key)) tell(`Experiment ${name} was deleted.`);
        return;
      }
      const now = askedOf(experiment);
      known.set(key, now);
      if (before === undefined) return;
      if (now.desired !== before.desired) tell(`Experiment ${name} ${STATES[now.desired](name)}.`);
      if (now.budget !== before.budget) tell(`Experiment ${name} has a new budget: ${now.budget}.`);
    },
  };
}

const STATES: Record<DesiredState, (name: string) => string> = {
  Running: () => 'goes on',
  Paused: (name) => `is paused: no trial starts until "katydid resume ${name}"`,
  Stopped: () => 'is stopped: it ends with the last of the trials that run',
  Cancelled: () => 'is stopped: the trials that run are killed',
};

function askedOf({ spec }: StoredExperiment): Asked {
  const { maxTrialCount, parallelTrialCount, maxFailedTrialCount } = spec;
  const budget = [
    maxTrialCount == null ? 'any number of trials' : `${maxTrialCount} trials`,
    `${parallelTrialCount ?? 'as usual'} at a time`,
    ...(maxFailedTrialCount == null ? [] : [`at most ${maxFailedTrialCount} failed`]),
  ];
  return { desired: desiredState(spec), budget: budget.join(', ') };
}
