import { collectorContainer } from '../../core/collector-containers.ts';
import type { CollectorKind, ObservationSummary } from '../../core/experiment.ts';
import { TRIAL_LABEL } from '../../core/labels.ts';
import { objectiveValue } from '../../core/objective.ts';
import type { CollectionReport } from '../../core/observation.ts';
import { isPodFinished, type StoredPod } from '../../core/pod.ts';
import type { StoredTrial } from '../../core/trial.ts';
import type { MetricSummary } from '../../db/observation-store.ts';
import type { ReconcileResult } from '../../kube/controller.ts';
import { PODS, TRIALS } from '../../kube/resource.ts';
import { writeStatus } from '../status-writer.ts';
import { closedStatus, concludedStatus, type Conclusion, type JobWords } from './conclusion.ts';
import { podsOf, tell, type TrialContext } from './context.ts';
import { collectorProblemOf } from './ended-containers.ts';
import { explainFailure } from './explain-failure.ts';
import { explainMissingMetrics } from './explain-missing-metrics.ts';
import { describeExplanation, explain, type Explanation } from './explanation.ts';
import type { JobOutcome } from './job-outcome.ts';
import { hasObjective, summarize } from './observation.ts';
import { describeNextAttempt, mayRetry, withRetry } from './retry.ts';

/** How long after the end of its job a trial waits for what it reports: see docs/metrics.md. */
const LATE_METRICS_MS = 10_000;
const LATE_METRICS_POLL_MS = 500;

/** Of a value that is not a number, as an explanation shows it. */
const MAX_TEXT_LENGTH = 60;

/** When the end of each job was first seen, by trial uid; for trials that wait for what they report. */
export type LateCollectors = Map<string, number>;

/** Says what became of a trial whose job has ended, or waits a little for its metrics. */
export async function conclude(
  context: TrialContext,
  late: LateCollectors,
  trial: StoredTrial,
  outcome: JobOutcome & { uid: string },
): Promise<ReconcileResult> {
  const conclusion =
    outcome.state === 'failed' ? await failure(context, trial, outcome) : await success(context, late, trial);
  if (conclusion === 'later') return { requeueAfterMs: LATE_METRICS_POLL_MS };
  if (conclusion.state === 'failed' && mayRetry(trial, conclusion.explanation))
    return retry(context, trial, outcome.uid, conclusion.explanation);
  await writeConclusion(context, trial, conclusion, outcome);
  late.delete(trial.metadata.uid);
  return undefined;
}

/** Has the job started over; the change of the trial brings it back to its controller. */
async function retry(
  context: TrialContext,
  trial: StoredTrial,
  jobUid: string,
  explanation: Explanation,
): Promise<ReconcileResult> {
  const status = withRetry(trial.status, jobUid, explanation, context.clock.now());
  await writeStatus(context.client, TRIALS, trial, status);
  const message = `${describeNextAttempt(trial)}: ${describeExplanation(explanation)}`;
  await tell(context, trial, 'Warning', 'JobRetried', message);
  return undefined;
}

/** Keeps what a trial that somebody else ended had reported. */
export async function closeStopped(context: TrialContext, trial: StoredTrial): Promise<void> {
  const summaries = await context.observations.summaries(trial.metadata.uid);
  const observation = summarize(trial.spec.objective, summaries);
  const status = closedStatus(trial.status, observation, context.clock.now());
  await writeStatus(context.client, TRIALS, trial, status);
}

/** Writes the conclusion and tells of it. */
export async function writeConclusion(
  context: TrialContext,
  trial: StoredTrial,
  conclusion: Conclusion,
  job: JobWords,
): Promise<void> {
  const status = concludedStatus(trial.status, conclusion, job, context.clock.now());
  await writeStatus(context.client, TRIALS, trial, status);
  const name = `Job ${trial.metadata.name}`;
  switch (conclusion.state) {
    case 'succeeded':
      if (conclusion.doubt !== null)
        await tell(context, trial, 'Warning', 'MetricsIncomplete', conclusion.doubt);
      if (conclusion.explanation !== null)
        await tell(
          context,
          trial,
          'Warning',
          'ObjectiveNotANumber',
          describeExplanation(conclusion.explanation),
        );
      return tell(context, trial, 'Normal', 'JobSucceeded', `${name} has succeeded`);
    case 'metricsUnavailable': {
      const why = describeExplanation(conclusion.explanation);
      return tell(
        context,
        trial,
        'Warning',
        'MetricsUnavailable',
        `Metrics are not available for ${name}. ${why}`,
      );
    }
    case 'failed':
      return tell(
        context,
        trial,
        'Warning',
        'JobFailed',
        `${name} has failed. ${describeExplanation(conclusion.explanation)}`,
      );
  }
}

async function success(
  context: TrialContext,
  late: LateCollectors,
  trial: StoredTrial,
): Promise<Conclusion | 'later'> {
  const { uid } = trial.metadata;
  const reports = await context.observations.collectionReports(uid);
  // The report comes last: read after it, the observations are complete.
  const summaries = await context.observations.summaries(uid);
  const observation = summarize(trial.spec.objective, summaries);
  const available = hasObjective(trial.spec.objective, observation);
  const isUnfinished = mayComeLate(trial, reports, available);
  if (isUnfinished && isPatient(context, late, uid)) return 'later';
  const collectorProblem = isUnfinished
    ? collectorProblemOf(await newestPods(context, trial), collectorContainer(trial.spec.metricsCollector))
    : undefined;
  if (available) {
    const doubt = isUnfinished ? doubtOf(collectorProblem) : null;
    return { state: 'succeeded', observation, doubt, explanation: explainNaN(trial, summaries, observation) };
  }
  const explanation = explainMissingMetrics({
    objectiveMetric: trial.spec.objective.objectiveMetricName,
    collector: trial.spec.metricsCollector,
    collectorProblem,
    reports,
    logTails: await context.observations.logTails(uid),
    primaryContainer: trial.spec.primaryContainerName,
  });
  return { state: 'metricsUnavailable', observation, explanation };
}

/** Null where the objective came to a number. */
function explainNaN(
  { spec: { objective } }: StoredTrial,
  summaries: readonly MetricSummary[],
  observation: ObservationSummary,
): Explanation | null {
  if (objectiveValue(objective, observation) !== null) return null;
  const { objectiveMetricName: name } = objective;
  const { count = 0, max = null, latestText = null } = summaries.find(({ metric }) => metric === name) ?? {};
  const which =
    max === null
      ? `none of its ${count} reports was a number, and the last`
      : `\`latest\` counts, and the last of its ${count} reports`;
  const was = latestText === null ? 'NaN' : JSON.stringify(latestText.slice(0, MAX_TEXT_LENGTH));
  const code = latestText === null ? 'METRICS_NAN' : 'METRICS_NOT_A_NUMBER';
  return explain(code, `"${name}" has no value: ${which} was ${was}.`);
}

function doubtOf(collectorProblem: string | undefined): string {
  return `Metrics may be incomplete: the metrics collector never finished. ${collectorProblem ?? ''}`.trim();
}

/** Whether something that a trial reports may still be on its way when its job has succeeded. */
function mayComeLate(
  { spec }: StoredTrial,
  reports: Readonly<Record<string, CollectionReport>>,
  available: boolean,
): boolean {
  const kind: CollectorKind = spec.metricsCollector?.collector?.kind ?? 'StdOut';
  if (kind === 'None') return false;
  // Who pushes never says that it was the last.
  return kind === 'Push' ? !available : Object.keys(reports).length === 0;
}

function isPatient({ clock }: TrialContext, late: LateCollectors, uid: string): boolean {
  const nowMs = clock.elapsed();
  const sinceMs = late.get(uid) ?? nowMs;
  late.set(uid, sinceMs);
  return nowMs - sinceMs < LATE_METRICS_MS;
}

async function failure(context: TrialContext, trial: StoredTrial, job: JobWords): Promise<Conclusion> {
  const logTails = await context.observations.logTails(trial.metadata.uid);
  const explanation = explainFailure({
    jobReason: job.reason,
    jobMessage: job.message,
    pods: await newestPods(context, trial),
    logTails,
    primaryContainer: trial.spec.primaryContainerName,
    collector: trial.spec.metricsCollector,
  });
  return { state: 'failed', explanation };
}

/** The cache of pods may be behind the one of jobs; where it shows no end yet, the API is asked. */
async function newestPods(context: TrialContext, trial: StoredTrial): Promise<readonly StoredPod[]> {
  const cached = podsOf(context, trial);
  if (cached.some(isPodFinished)) return cached;
  const { namespace, name } = trial.metadata;
  const { items } = await context.client.list(PODS, { namespace, labelSelector: `${TRIAL_LABEL}=${name}` });
  return items;
}
