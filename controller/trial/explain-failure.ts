import { constants } from 'node:os';
import { isCollectorContainer } from '../../core/collector-containers.ts';
import type { MetricsCollectorSpec } from '../../core/experiment.ts';
import type { LogTail } from '../../core/observation.ts';
import type { StoredPod } from '../../core/pod.ts';
import { badlyEnded, type EndedContainer } from './ended-containers.ts';
import { explain, lastLine, type Explanation } from './explanation.ts';
import { causeInOutput, type OutputCause } from './output-signatures.ts';
import { failureRemedy } from '../../core/failure-codes/failure-entry.ts';
import { isLocalCode } from '../../core/failure-codes/trial-codes.ts';

/** What is known about a trial whose job failed. */
export interface FailureEvidence {
  /** Reason and message of the job's own condition, empty where it gives none. */
  jobReason: string;
  jobMessage: string;
  /** The trial's pods, as many as are left. */
  pods: readonly StoredPod[];
  /** The kept ends of the outputs, oldest first. */
  logTails: readonly LogTail[];
  primaryContainer: string | undefined;
  collector: MetricsCollectorSpec | undefined;
}

/** The root cause of a failed trial: what the runner refused, then what a pod says, then the first container to fail. */
export function explainFailure(evidence: FailureEvidence): Explanation {
  const { pods, logTails, primaryContainer, collector } = evidence;
  const isCollector = (container: string): boolean => isCollectorContainer(container, collector);
  const ended = badlyEnded(pods, logTails, primaryContainer, isCollector);
  return (
    explainRefusal(evidence.pods, ended) ??
    explainDeadline(evidence, ended) ??
    explainPod(evidence.pods) ??
    (ended[0] && explainContainer(ended[0])) ??
    explainNotStarted(evidence.pods) ??
    explain('TRIAL_JOB_FAILED', 'The job failed, and none of its pods is left to tell why.')
  );
}

function explainRefusal(
  pods: readonly StoredPod[],
  ended: readonly EndedContainer[],
): Explanation | undefined {
  for (const { metadata, status } of pods)
    if (isLocalCode(status?.reason))
      return explainLocal(status.reason, status.message ?? `Pod ${metadata.name} could not be run here.`);
  for (const { reason, output, container, pod } of ended)
    if (isLocalCode(reason))
      return explainLocal(reason, output || `Container ${container} of pod ${pod} could not be run here.`);
  return undefined;
}

/** The runner's last line says what is wrong and what to do; what stands before is output of the container. */
function explainLocal(code: `LOCAL_${string}`, said: string): Explanation {
  const lines = said.trimEnd().split('\n');
  const own = lines.at(-1) ?? '';
  const remedy = failureRemedy(code);
  const cause = remedy !== '' && own.endsWith(remedy) ? own.slice(0, -remedy.length).trim() : own;
  return explain(code, cause, { output: lines.slice(0, -1).join('\n') });
}

function explainDeadline(
  evidence: FailureEvidence,
  ended: readonly EndedContainer[],
): Explanation | undefined {
  const pod = evidence.pods.find(({ status }) => status?.reason === 'DeadlineExceeded');
  const ofJob =
    evidence.jobReason === 'DeadlineExceeded' || /longer than specified deadline/.test(evidence.jobMessage);
  if (!pod && !ofJob) return undefined;
  const who = pod && !ofJob ? `Pod ${pod.metadata.name}` : 'The job';
  return explain('TRIAL_DEADLINE', `${who} ran longer than its activeDeadlineSeconds allows.`, {
    output: ended.at(-1)?.output ?? evidence.logTails.at(-1)?.text ?? '',
  });
}

/** Why a pod has failed without a fault of its containers: its node gave it up, went away, or never took it. */
const NODE_REASONS = new Set([
  'Evicted',
  'Preempting',
  'NodeLost',
  'NodeShutdown',
  'Shutdown',
  'Terminated',
  'UnexpectedAdmissionError',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
]);

function explainPod(pods: readonly StoredPod[]): Explanation | undefined {
  for (const { metadata, status } of pods) {
    const disruption = status?.conditions?.find(
      (condition) => condition.type === 'DisruptionTarget' && condition.status === 'True',
    );
    const isOfNode = status?.phase === 'Failed' && NODE_REASONS.has(status.reason ?? '');
    if (!isOfNode && !disruption) continue;
    const why = [status?.reason ?? disruption?.reason, status?.message ?? disruption?.message].filter(
      Boolean,
    );
    return explain('TRIAL_EVICTED', `Pod ${metadata.name} was taken from its node: ${why.join(', ')}.`);
  }
  return undefined;
}

/** A pod that waits for ever, because of its image or what it refers to. */
function explainNotStarted(pods: readonly StoredPod[]): Explanation | undefined {
  for (const { metadata, status } of pods)
    for (const { name, state } of status?.containerStatuses ?? []) {
      const { reason, message } = state?.waiting ?? {};
      if (reason === undefined || reason === 'ContainerCreating' || reason === 'PodInitializing') continue;
      const cause = `Container ${name} of pod ${metadata.name} was never started: ${reason}${message ? ` (${message})` : ''}.`;
      return explain('TRIAL_CONTAINER_NOT_STARTED', cause);
    }
  return undefined;
}

function explainContainer(ended: EndedContainer): Explanation {
  const who = `Container ${ended.container} of pod ${ended.pod}`;
  const { code, what } = classify(ended);
  return explain(code, `${who} ${what}.`, { output: ended.output });
}

/**
 * The exit code and the runner are asked first where they leave no doubt; then the output, which knows most; then the
 * code again.
 */
function classify(ended: EndedContainer): OutputCause {
  const { exitCode, reason, output } = ended;
  if (reason === 'OOMKilled')
    return { code: 'TRIAL_OUT_OF_MEMORY', what: 'was killed for using more memory than its limit' };
  const named = causeInOutput(output);
  if (named?.code === 'TRIAL_MODULE_MISSING') return named;
  if (exitCode === 127 || isMissingCommand(ended))
    return { code: 'TRIAL_COMMAND_NOT_FOUND', what: `could not find its command${said(ended)}` };
  if (exitCode === 126)
    return { code: 'TRIAL_COMMAND_NOT_EXECUTABLE', what: `may not execute its command${said(ended)}` };
  if (named) return named;
  const signal = signalOf(ended);
  if (signal) return { code: 'TRIAL_KILLED_BY_SIGNAL', what: `was ended by ${signal}` };
  return { code: 'TRIAL_EXIT_CODE', what: `ended with exit code ${exitCode ?? 'unknown'}${said(ended)}` };
}

function isMissingCommand({ reason, output }: EndedContainer): boolean {
  return (
    (reason === 'StartError' || reason === 'ContainerCannotRun') && /not found|no such file/i.test(output)
  );
}

function said({ output }: EndedContainer): string {
  const line = lastLine(output);
  return line === undefined ? '' : `: ${line}`;
}

/** `signal 9 (SIGKILL)`; shells report a signal as exit code 128 + its number. */
function signalOf({ signal, exitCode }: EndedContainer): string | undefined {
  const number =
    signal ?? (exitCode !== null && exitCode > 128 && exitCode <= 128 + 64 ? exitCode - 128 : undefined);
  if (number === undefined) return undefined;
  const [name] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return name === undefined ? `signal ${number}` : `signal ${number} (${name})`;
}
