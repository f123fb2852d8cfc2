import type { StoredExperiment } from '../core/experiment.ts';
import type { StoredTrial } from '../core/trial.ts';
import type { KubeClient } from '../kube/client.ts';
import { EVENTS, type KubeEvent } from '../kube/resource.ts';
import { firstLine } from '../core/cut.ts';

/** Something that went wrong or may go wrong, without being a trial's result. */
export interface Warning {
  /** A stable code, for example `LOCAL_PATH_UNMAPPED`. */
  reason: string;
  /** One line. */
  message: string;
}

const MAX_MESSAGE_LENGTH = 400;

/** How jobs, trials and experiments ended is told with their results. */
const ENDINGS: ReadonlySet<string | undefined> = new Set([
  'BackoffLimitExceeded',
  'DeadlineExceeded',
  'ExperimentFailed',
  'JobFailed',
  'MetricsUnavailable',
  'PodFailurePolicy',
  'TFJobFailed',
]);

/** The event says something that no result says. */
export function isTelling({ type, reason, involvedObject }: KubeEvent): boolean {
  return type === 'Warning' && !ENDINGS.has(reason) && involvedObject.kind !== 'Suggestion';
}

export function warningOf({ reason = '', message = '' }: KubeEvent): Warning {
  return { reason, message: firstLine(message, MAX_MESSAGE_LENGTH) };
}

/** What is known about an experiment and all of its trials, each once. Events are kept for an hour or so. */
export async function experimentWarnings(
  client: KubeClient,
  { metadata }: StoredExperiment,
): Promise<Warning[]> {
  const isTrialOrPod = new RegExp(`^${metadata.name}-\\d+(-.*)?$`);
  return warnings(
    client,
    metadata.namespace,
    ({ kind, name = '' }) =>
      (kind === 'Experiment' && name === metadata.name) || (kind !== 'Experiment' && isTrialOrPod.test(name)),
  );
}

/** What is known about a trial, its job and its pods, each once. */
export async function trialWarnings(client: KubeClient, { metadata }: StoredTrial): Promise<Warning[]> {
  // `a-1-0` is a pod of trial `a-1`, and `a-1-0-0` one of a trial of experiment `a-1`.
  const isJobOrPod = new RegExp(`^${metadata.name}(-([a-z]+-)?\\d+)?$`);
  return warnings(
    client,
    metadata.namespace,
    ({ kind, name = '' }) => kind !== 'Experiment' && isJobOrPod.test(name),
  );
}

async function warnings(
  client: KubeClient,
  namespace: string | undefined,
  concerns: (object: KubeEvent['involvedObject']) => boolean,
): Promise<Warning[]> {
  const { items } = await client.list(EVENTS, { namespace, fieldSelector: 'type=Warning' });
  const found = items
    .filter((event) => isTelling(event) && concerns(event.involvedObject))
    .map((event) => warningOf(event));
  return [...new Map(found.map((warning) => [`${warning.reason} ${warning.message}`, warning])).values()];
}
