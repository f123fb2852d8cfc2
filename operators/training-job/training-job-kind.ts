import type { SpecIssue } from '../../core/errors.ts';
import type { ResourceType } from '../../kube/resource.ts';
import type { ObjectPlan } from '../object-plan.ts';
import type { PlanState } from './plan.ts';
import type { Recreations } from './recreations.ts';
import type { StoredTrainingJob, TrainingJob, TrainingJobSpec } from './types.ts';

/** A specification with its defaults, or everything that is wrong with it. */
export type SpecReading<S> =
  | { readonly valid: true; readonly spec: S }
  | { readonly valid: false; readonly issues: readonly SpecIssue[] };

/** What a decision about pods is carried out from. */
export interface PlanRequest<S> extends Omit<PlanState, 'spec'> {
  readonly spec: S;
  readonly recreations: Recreations;
}

/** One kind of training job. S is its specification. */
export interface TrainingJobKind<S extends TrainingJobSpec> {
  /** `tfjob`: in logs. */
  readonly name: string;
  /** `tfjob-controller`: in labels and events. */
  readonly operatorName: string;
  /** The versions in which it is written. A cluster may serve only some of them. */
  readonly resources: readonly ResourceType<TrainingJob>[];
  readonly replicaTypes: readonly string[];
  readSpec(job: StoredTrainingJob): SpecReading<S>;
  /** Reason of the Failed condition of a job whose specification is wrong. */
  invalidReason(job: StoredTrainingJob): string;
  plan(request: PlanRequest<S>): ObjectPlan;
}
