import type { Clock } from '../../core/clock.ts';
import { findCondition, isConditionTrue } from '../../core/conditions.ts';
import { withDefaults } from '../../core/defaults.ts';
import { DISK_FULL, type DiskSpace } from '../../core/disk-space.ts';
import { errorMessage, SpecError, type SpecIssue } from '../../core/errors.ts';
import {
  EXPERIMENT_CONDITION,
  type Experiment,
  type ExperimentStatus,
  type StoredExperiment,
} from '../../core/experiment.ts';
import { controllerOf, isBeingDeleted } from '../../core/kubernetes-object.ts';
import type { Suggestion } from '../../core/suggestion.ts';
import type { Trial } from '../../core/trial.ts';
import type { AlgorithmCatalog } from '../../core/validation/algorithm-catalog.ts';
import { validateExperiment } from '../../core/validation/validate-experiment.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Reconcile, ReconcileResult } from '../../kube/controller.ts';
import type { EventRecorder } from '../../kube/event-recorder.ts';
import type { ObjectCache } from '../../kube/object-cache.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { listOwnedTrials, ownedTrials } from '../owned-trials.ts';
import { writeStatus } from '../status-writer.ts';
import { performActions } from './actions.ts';
import { endingCondition, isCompleted } from './conditions.ts';
import { invalidStatus, planExperiment, type ExperimentPlan, type ExperimentSituation } from './plan.ts';
import { createRunningTally, type TallyFunction } from './running-tally.ts';

export interface ExperimentReconcilerOptions {
  client: KubeClient;
  experiments: ObjectCache<Experiment>;
  suggestions: ObjectCache<Suggestion>;
  /** With the index of controller/owned-trials.ts. */
  trials: ObjectCache<Trial>;
  catalog: AlgorithmCatalog;
  events: EventRecorder;
  /** Whether there is room for what trials write. */
  space: DiskSpace;
  clock: Clock;
}

/** How soon to look again while what is left of a deleted experiment of the same name is in the way. */
const NAMESAKE_RETRY_MS = 1_000;

/**
 * Keeps an Experiment's status true to its trials and has as many trials run as it asks for. Its record is the Trials
 * themselves: it may be stopped between any two writes and go on later.
 */
export function createExperimentReconciler(options: ExperimentReconcilerOptions): Reconcile {
  const planSurely = createSurePlanner(options.client);
  return async (key, signal) => {
    const stored = options.experiments.get(key);
    if (!stored || isBeingDeleted(stored)) {
      planSurely.forget(key);
      return undefined;
    }
    const issues = firstSightIssues(stored, options.catalog);
    if (issues.length > 0) return endAsInvalid(options, stored, issues);
    const suggestion = options.suggestions.get(key);
    if (suggestion && controllerOf(suggestion)?.uid !== stored.metadata.uid)
      return { requeueAfterMs: NAMESAKE_RETRY_MS };
    const experiment = { ...withDefaults(stored), metadata: stored.metadata };
    const trials = ownedTrials(options.trials, stored);
    const { shortage } = options.space;
    const situation = { experiment, trials, suggestion, shortage, nowMs: options.clock.now() };
    const plan = await planSurely.plan(key, situation);
    return carryOut(options, stored, experiment, plan, signal);
  };
}

/** What is wrong with an experiment that no admission check has seen; empty once it has been accepted. */
function firstSightIssues(experiment: StoredExperiment, catalog: AlgorithmCatalog): readonly SpecIssue[] {
  if (findCondition(experiment.status?.conditions, EXPERIMENT_CONDITION.created)) return [];
  return validateExperiment(experiment, catalog).issues;
}

/** Ends the experiment for good: its specification cannot be changed any more. */
async function endAsInvalid(
  options: ExperimentReconcilerOptions,
  stored: StoredExperiment,
  issues: readonly SpecIssue[],
): Promise<ReconcileResult> {
  await write(options, stored, invalidStatus(stored, issues, options.clock.now()));
  return undefined;
}

async function carryOut(
  options: ExperimentReconcilerOptions,
  stored: StoredExperiment,
  experiment: StoredExperiment,
  plan: ExperimentPlan,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const written = await write(options, stored, plan.status);
  try {
    await performActions(options.client, experiment, plan.actions, options.clock, signal);
    return undefined;
  } catch (error) {
    if (error instanceof SpecError) return endAsInvalid(options, written, error.issues);
    options.events.record(
      written,
      'Warning',
      'ReconcileError',
      `Failed to reconcile: ${errorMessage(error)}`,
    );
    throw error;
  }
}

async function write(
  { client, events }: ExperimentReconcilerOptions,
  stored: StoredExperiment,
  status: ExperimentStatus,
): Promise<StoredExperiment> {
  const written = await writeStatus(client, EXPERIMENTS, stored, status);
  const ending = endingCondition(status.conditions);
  if (ending && !isCompleted(stored.status?.conditions)) {
    const { type, reason = '', message = '' } = ending;
    events.record(written, type === EXPERIMENT_CONDITION.failed ? 'Warning' : 'Normal', reason, message);
  }
  tellShortage(events, stored, written);
  return written;
}

function tellShortage(events: EventRecorder, before: StoredExperiment, after: StoredExperiment): void {
  const condition = findCondition(after.status?.conditions, EXPERIMENT_CONDITION.diskPressure);
  const was = isConditionTrue(before.status?.conditions, EXPERIMENT_CONDITION.diskPressure);
  if (condition && !was) events.record(after, 'Warning', DISK_FULL, condition.message ?? '');
  if (!condition && was) events.record(after, 'Normal', 'DiskHasRoom', 'There is room again: trials start');
}

/**
 * Plans from the cache. Only where that says that assignments were lost for good (their trials deleted) it looks at the
 * API itself first: a cache that is behind must not lead to more trials than the limit.
 */
function createSurePlanner(client: KubeClient): {
  plan(key: string, situation: ExperimentSituation): Promise<ExperimentPlan>;
  forget(key: string): void;
} {
  /** `lost`: as it was confirmed last. */
  const known = new Map<string, { uid: string; lost: number; tallyOf: TallyFunction }>();
  const memoryOf = (key: string, uid: string): { lost: number; tallyOf: TallyFunction } => {
    const found = known.get(key);
    if (found?.uid === uid) return found;
    const memory = { uid, lost: 0, tallyOf: createRunningTally() };
    known.set(key, memory);
    return memory;
  };
  return {
    async plan(key, situation) {
      const memory = memoryOf(key, situation.experiment.metadata.uid);
      const plan = planExperiment(situation, memory.tallyOf);
      if (plan.lost <= memory.lost) return plan;
      const trials = await listOwnedTrials(client, situation.experiment);
      const surePlan = planExperiment({ ...situation, trials });
      memory.lost = surePlan.lost;
      return surePlan;
    },
    forget: (key) => void known.delete(key),
  };
}
