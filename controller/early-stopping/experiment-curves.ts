import type { StoredExperiment } from '../../core/experiment.ts';
import type { Observation } from '../../core/observation.ts';
import type { StoredTrial } from '../../core/trial.ts';
import type { ObservationStore } from '../../db/observation-store.ts';
import type { ReportedBatch } from '../../db/observation-feed.ts';
import {
  createStoppingRule,
  type StoppingDecision,
  type StoppingRule,
} from '../../suggestion/early-stopping.ts';

/** Up to where a trial's reports are known. */
interface Known {
  /** How often its job had been started over: what earlier jobs reported has been forgotten. */
  readonly retries: number;
  /** The last report of each source. */
  readonly sequences: Map<string, number>;
}

/**
 * The curves of one experiment as its early stopper knows them: read from the store when they are first needed, and kept
 * up to date by what is reported from then on.
 */
export class ExperimentCurves {
  readonly experimentUid: string;
  readonly #metric: string;
  readonly #rule: StoppingRule;
  readonly #observations: ObservationStore;
  readonly #known = new Map<string, Known>();

  /** SpecError where the early stopper is unknown or does not take its settings. */
  constructor({ metadata, spec }: StoredExperiment, observations: ObservationStore) {
    this.experimentUid = metadata.uid;
    this.#metric = spec.objective.objectiveMetricName;
    this.#rule = createStoppingRule(spec.earlyStopping ?? { algorithmName: '' }, spec.objective);
    this.#observations = observations;
  }

  /**
   * Reads all that the trial has reported, in place of what was known of it. What is to be done about it now, by its
   * last report alone: what was not decided earlier is not made up for with what is known today.
   */
  async read(trial: StoredTrial): Promise<StoppingDecision | null> {
    const series = await this.#observations.series(trial.metadata.uid, { metric: this.#metric });
    const known = this.#startOver(trial);
    const stoppedAt = trial.status?.earlyStopping?.step ?? Infinity;
    let decision: StoppingDecision | null = null;
    for (const [index, { source, ...observation }] of series.entries()) {
      // What a training reports between the decision and its end has not been compared with anything, either.
      if ((observation.step ?? index + 1) > stoppedAt) break;
      known.sequences.set(source, Math.max(known.sequences.get(source) ?? -1, observation.sequence));
      decision = this.#report(trial, observation);
    }
    return decision;
  }

  /**
   * Takes in a batch of the trial, up to the first decision to stop it, which is the answer; null where there is none.
   * Repeats change nothing. A trial that was never read has reported nothing before.
   */
  take(trial: StoredTrial, { source, observations }: ReportedBatch): StoppingDecision | null {
    const before = this.#known.get(trial.metadata.uid);
    const known = before?.retries === retriesOf(trial) ? before : this.#startOver(trial);
    let last = known.sequences.get(source) ?? -1;
    for (const observation of observations) {
      if (observation.metric !== this.#metric || observation.sequence <= last) continue;
      last = observation.sequence;
      known.sequences.set(source, last);
      const decision = this.#report(trial, observation);
      if (decision?.stop === true) return decision;
    }
    return null;
  }

  #startOver(trial: StoredTrial): Known {
    this.#rule.forget(trial.metadata.name);
    const known = { retries: retriesOf(trial), sequences: new Map<string, number>() };
    this.#known.set(trial.metadata.uid, known);
    return known;
  }

  #report({ metadata }: StoredTrial, { step, value }: Observation): StoppingDecision | null {
    return this.#rule.report({ trial: metadata.name, step, value });
  }
}

function retriesOf({ status }: StoredTrial): number {
  return status?.retries?.length ?? 0;
}
