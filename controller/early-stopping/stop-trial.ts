import { controllerOf, isBeingDeleted, objectKey } from '../../core/kubernetes-object.ts';
import { formatMetricValue } from '../../core/metric-value.ts';
import { isPodFinished, type StoredPod } from '../../core/pod.ts';
import { rfc3339Seconds } from '../../core/time.ts';
import { isTerminal, trialState, type EarlyStoppingRecord, type StoredTrial } from '../../core/trial.ts';
import { TRIALS } from '../../kube/resource.ts';
import type { StoppingDecision } from '../../suggestion/early-stopping.ts';
import { writeStatus } from '../status-writer.ts';
import { earlyStoppedStatus } from '../trial/conclusion.ts';
import { jobCacheOf, podsOf, tell, type TrialContext } from '../trial/context.ts';
import { jobOutcome } from '../trial/job-outcome.ts';
import { summarize } from '../trial/observation.ts';

/**
 * Carries out a decision: record, condition and what was measured by then are one write, which the trial's controller
 * takes up and ends the job. False, and nothing done, where the trial has come to its end by itself. Conflict where the
 * trial changed in between: it is to be looked at again.
 */
export async function stopTrial(
  context: TrialContext,
  trial: StoredTrial,
  decision: StoppingDecision,
): Promise<boolean> {
  if (isTerminal(trialState(trial)) || isBeingDeleted(trial) || hasEnded(context, trial)) return false;
  const { client, observations, clock } = context;
  const { objective } = trial.spec;
  const observation = summarize(objective, await observations.summaries(trial.metadata.uid));
  const record = recordOf(decision, objective.objectiveMetricName, clock.now());
  await writeStatus(
    client,
    TRIALS,
    trial,
    earlyStoppedStatus(trial.status, record, observation, clock.now()),
  );
  const message = `Stopped early at step ${record.step} by ${record.rule}: ${record.reason}`;
  await tell(context, trial, 'Normal', 'TrialEarlyStopped', message);
  return true;
}

function recordOf(
  { rule, step, value, threshold, peers, reason }: StoppingDecision,
  metric: string,
  nowMs: number,
): EarlyStoppingRecord {
  return {
    rule,
    metric,
    step,
    value: formatMetricValue(value),
    ...(threshold !== null && { threshold: formatMetricValue(threshold) }),
    peers,
    reason,
    time: rfc3339Seconds(nowMs),
  };
}

/** The training is over, only that nobody has said so of the trial yet. */
function hasEnded(context: TrialContext, trial: StoredTrial): boolean {
  const job = jobCacheOf(context, trial)?.get(objectKey(trial));
  const isOwn = job !== undefined && controllerOf(job)?.uid === trial.metadata.uid;
  if (isOwn && jobOutcome(job, trial.spec).state !== 'running') return true;
  const pods = podsOf(context, trial).filter((pod) => !isBeingDeleted(pod));
  return pods.length > 0 && pods.every(isTrainingOver);
}

function isTrainingOver(pod: StoredPod): boolean {
  const containers = pod.status?.containerStatuses ?? [];
  return (
    isPodFinished(pod) ||
    (containers.length > 0 && containers.every(({ state }) => state?.terminated !== undefined))
  );
}
