import type { Response } from 'express';
import { parseTime } from '../../core/time.ts';
import type { Pod } from '../../core/pod.ts';
import type { Clock } from '../../core/clock.ts';
import { ApiError } from '../../kube/api-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { PODS } from '../../kube/resource.ts';
import { hasPreviousLog, type PodLogLine, type PodLogQuery, readPodLog } from '../kubelet/pod-logs.ts';
import { drained } from './drained.ts';
import { isTrue, wholeNumber } from './request-query.ts';

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

export interface PodLogRequest {
  readonly client: KubeClient;
  readonly dataDir: string;
  readonly namespace: string;
  readonly pod: string;
  readonly query: URLSearchParams;
  readonly clock: Clock;
  /** Aborted when the client is gone or the server closes. */
  readonly signal: AbortSignal;
}

/** `GET …/pods/<pod>/log`: the output of one container as plain text, as it is written where it is followed. */
export async function sendPodLog(request: PodLogRequest, response: Response): Promise<void> {
  const { client, dataDir, namespace, pod, query, signal } = request;
  const container = chooseContainer(await client.get(PODS, { namespace, name: pod }), query.get('container'));
  const format = readFormat(request);
  const log: PodLogQuery = {
    dataDir,
    namespace,
    pod,
    container,
    follow: isTrue(query, 'follow'),
    tailLines: wholeNumber(query, 'tailLines'),
    previous: isTrue(query, 'previous'),
    signal,
  };
  checkPrevious(log);
  const limit = createByteLimit(query);
  response.type('text/plain');
  response.flushHeaders();
  for await (const line of readPodLog(log)) {
    const text = format(line);
    if (text !== null && !response.write(limit.take(text))) await drained(response, signal);
    if (signal.aborted || limit.isReached()) break;
  }
  response.end();
}

/** BadRequest where there is no earlier log, in Kubernetes' words. */
function checkPrevious(log: PodLogQuery): void {
  if (!log.previous || hasPreviousLog(log)) return;
  throw new ApiError(
    'BadRequest',
    `previous terminated container "${log.container}" in pod "${log.pod}" not found`,
  );
}

/** Lets `limitBytes` through, and everything where the query has none. BadRequest for 0. */
function createByteLimit(query: URLSearchParams): { take(text: string): Buffer; isReached(): boolean } {
  let rest = wholeNumber(query, 'limitBytes') ?? Number.POSITIVE_INFINITY;
  if (rest === 0) throw new ApiError('BadRequest', 'limitBytes: "0" is not a whole number of 1 or more');
  return {
    take(text) {
      const bytes = Buffer.from(text);
      const taken = bytes.subarray(0, Math.min(rest, bytes.length));
      rest -= taken.length;
      return taken;
    },
    isReached: () => rest <= 0,
  };
}

/** The one that is named, or the one that can be meant. BadRequest where that is none, with the ones there are. */
function chooseContainer({ metadata, spec }: Pod, asked: string | null): string {
  const main = spec.containers.map(({ name }) => name);
  const all = [...(spec.initContainers ?? []).map(({ name }) => name), ...main];
  const choice =
    asked ?? metadata.annotations?.[DEFAULT_CONTAINER] ?? (main.length === 1 ? main[0] : undefined);
  if (choice !== undefined && all.includes(choice)) return choice;
  const pod = metadata.name ?? '';
  throw new ApiError(
    'BadRequest',
    choice === undefined
      ? `a container name must be specified for pod ${pod}, choose one of: [${all.join(' ')}]`
      : `container ${choice} is not valid for pod ${pod}, choose one of: [${all.join(' ')}]`,
  );
}

/** A line as it is sent; null where it is older than what was asked for. */
function readFormat({ query, clock }: PodLogRequest): (line: PodLogLine) => string | null {
  const withTime = isTrue(query, 'timestamps');
  const seconds = wholeNumber(query, 'sinceSeconds');
  const sinceTime = query.get('sinceTime');
  const fromMs = seconds !== undefined ? clock.now() - seconds * 1000 : parseTime(sinceTime ?? '');
  if (sinceTime && Number.isNaN(fromMs)) {
    throw new ApiError('BadRequest', `sinceTime: "${sinceTime}" is not a time such as 2026-01-31T12:00:00Z`);
  }
  return ({ time, text }) => {
    if (!Number.isNaN(fromMs) && parseTime(time) < fromMs) return null;
    return withTime ? `${time} ${text}\n` : `${text}\n`;
  };
}
