import { foreignManager } from '../core/job-kinds.ts';
import { isJsonObject, type JsonObject, valueAt } from '../core/json.ts';
import { type Issues, quoted, specIssue, type SpecPath } from '../core/validation/issue.ts';
import { JOBS, PYTORCHJOBS, type ResourceType, TFJOBS, TFJOBS_V1BETA2 } from '../kube/resource.ts';

/** Kinds of jobs that are run on this computer. */
export const RUNNABLE_JOBS: readonly ResourceType[] = [JOBS, TFJOBS, TFJOBS_V1BETA2, PYTORCHJOBS];

const TEMPLATE_PATH = ['spec', 'trialTemplate', 'trialSpec'];

/**
 * Why the trials of an Experiment would never end here: their job is of a kind that nothing on this computer runs, or
 * names a manager that is not here. Nothing where the job is in a ConfigMap, or is not an object.
 */
export function* checkRunnableHere(experiment: unknown): Issues {
  const job = valueAt(experiment, TEMPLATE_PATH);
  if (!isJsonObject(job)) return;
  yield* checkKind(job);
  yield* checkManager(job, TEMPLATE_PATH);
}

function* checkKind({ apiVersion, kind }: JsonObject): Issues {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return;
  if (RUNNABLE_JOBS.some((job) => job.apiVersion === apiVersion && job.kind === kind)) return;
  const kinds = RUNNABLE_JOBS.map((job) => `${job.kind} (${job.apiVersion})`).join(', ');
  const message = `Nothing on this computer runs a ${kind} of ${apiVersion}.`;
  const remedy = `Use one of ${kinds}, or submit the experiment to a cluster that has the kind.`;
  yield specIssue('SPEC_JOB_KIND_UNSUPPORTED', [...TEMPLATE_PATH, 'kind'], message, remedy);
}

/** `path` leads to the job in its document. */
export function* checkManager(job: { kind?: unknown }, path: SpecPath): Issues {
  const manager = foreignManager(job);
  if (!manager) return;
  const message = `managedBy is ${quoted(manager.name)}, and no such controller is on this computer: nobody would run the job.`;
  const remedy = `Remove it, or write ${quoted(manager.usual)}.`;
  yield specIssue('SPEC_JOB_MANAGED_ELSEWHERE', [...path, ...manager.path], message, remedy);
}
