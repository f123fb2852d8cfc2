import type { KatydidError } from '../../../core/errors.ts';
import type { Container, StoredPod } from '../../../core/pod.ts';
import type { LocatedIssue } from '../../../experiments/manifest/located-issue.ts';
import type { LaunchPlan } from '../../../local/kubelet/launch-plan.ts';
import type { DoctorContext } from '../context.ts';
import type { Program } from './programs.ts';

/** What the checks of experiments look at. */
export interface ExperimentContext extends DoctorContext {
  readonly inspection: Inspection;
}

/** Experiment files, read as `run` reads them. */
export interface Inspection {
  readonly files: readonly string[];
  readonly issues: readonly LocatedIssue[];
  /** What is wrong with katydid.config.yaml; null where nothing is. */
  readonly configError: KatydidError | null;
  /** None where anything is wrong with the files. */
  readonly trials: readonly RehearsedTrial[];
}

/** The first trial of an experiment, as far as it can be known without running it. */
export interface RehearsedTrial {
  readonly experiment: string;
  /** How many trials run at once. */
  readonly parallel: number;
  readonly pods: readonly RehearsedPod[];
  /** Why there is no job to look at; null where there is one. */
  readonly error: KatydidError | null;
}

export interface RehearsedPod {
  readonly pod: StoredPod;
  /** How many pods are made like this one. */
  readonly replicas: number;
  readonly containers: readonly RehearsedContainer[];
  /** What forbids its volumes; null where nothing does. */
  readonly error: KatydidError | null;
}

export interface RehearsedContainer {
  readonly container: Container;
  /** The image has an entry in katydid.config.yaml. */
  readonly isMapped: boolean;
  /** What would be started, or a LOCAL_* error that says why nothing can be. */
  readonly plan: LaunchPlan | KatydidError;
  /** Interpreters that the plan calls; none where there is no plan. */
  readonly programs: readonly Program[];
}

export interface PlannedContainer extends RehearsedContainer {
  readonly plan: LaunchPlan;
}

/** Every container that has a plan. */
export function plannedContainers(trials: readonly RehearsedTrial[]): PlannedContainer[] {
  return trials
    .flatMap(({ pods }) => pods.flatMap(({ containers }) => containers))
    .filter((container): container is PlannedContainer => !(container.plan instanceof Error));
}

/** Refusals with one of these codes, of pods and of containers, each once. */
export function refusals(trials: readonly RehearsedTrial[], codes: readonly string[]): KatydidError[] {
  const errors = trials.flatMap(({ pods }) =>
    pods.flatMap(({ error, containers }) => [
      ...(error ? [error] : []),
      ...containers.flatMap(({ plan }) => (plan instanceof Error ? [plan] : [])),
    ]),
  );
  const wanted = errors.filter(({ code }) => codes.includes(code));
  return [...new Map(wanted.map((error) => [error.message, error])).values()];
}
