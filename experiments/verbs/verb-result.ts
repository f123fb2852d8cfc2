import type { StoredExperiment } from '../../core/experiment.ts';

/** What a verb did. Repeating it is harmless, and then changes nothing. */
export interface VerbResult {
  /** As it is stored now; as it was, where it was deleted. */
  readonly experiment: StoredExperiment;
  /** False where everything was so already. */
  readonly changed: boolean;
  /** Sentences: what was done. */
  readonly did: readonly string[];
  /** Sentences: what goes on, stays, or is to be done. */
  readonly left: readonly string[];
}
