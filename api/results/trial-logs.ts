import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { COLLECTOR_CONTAINER, TRIAL_LABEL } from '../../core/labels.ts';
import type { Pod } from '../../core/pod.ts';
import type { StoredTrial } from '../../core/trial.ts';
import { PODS } from '../../kube/resource.ts';
import { findTrial } from '../find-object.ts';
import type { PodLogLine } from '../pod-log-source.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import { TRIAL_PATH } from '../trials/trial-routes.ts';

const querySchema = z.object({
  follow: z.enum(['true', 'false']).default('false').describe('Go on until the containers have ended.'),
  tailLines: z.coerce.number().int().min(0).optional().describe('Only the last lines of each container.'),
  pod: z.string().optional().describe('Only this one.'),
  container: z.string().optional().describe('Only this one.'),
  format: z
    .enum(['text', 'ndjson'])
    .default('text')
    .describe('`ndjson` tells pod, stream and time of each line.'),
});
type LogQuery = z.infer<typeof querySchema>;

/** One container's output. */
interface LogSource {
  pod: string;
  container: string;
}

export function logRoutes(options: RestOptions): Route[] {
  return [
    {
      method: 'get',
      path: `${TRIAL_PATH}/logs`,
      operationId: 'getTrialLogs',
      tag: 'results',
      summary: 'What the processes of a trial printed',
      description:
        'Of a pod that is gone, the kept end of its output. Several containers are told apart by a prefix.',
      query: querySchema,
      responses: {
        200: { description: 'The lines, oldest first.', contentType: 'text/plain, application/x-ndjson' },
      },
      async handle({ params, query, signal }) {
        const trial = await findTrial(options.client, params);
        const asked = query as LogQuery;
        const stream = new PassThrough();
        void writeLogs(options, trial, asked, signal, stream).then(
          () => stream.end(),
          (error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))),
        );
        const type = asked.format === 'text' ? 'text/plain; charset=utf-8' : 'application/x-ndjson';
        return { status: 200, stream, headers: { 'content-type': type } };
      },
    },
  ];
}

async function writeLogs(
  options: RestOptions,
  trial: StoredTrial,
  query: LogQuery,
  signal: AbortSignal,
  stream: PassThrough,
): Promise<void> {
  const sources = await logSources(options, trial, query);
  const write = async (source: LogSource): Promise<void> => {
    for await (const line of linesOf(options, trial, source, query, signal)) {
      if (signal.aborted || stream.destroyed) return;
      const isRoomLeft = stream.write(textOf(line, source, query, sources.length > 1));
      if (!isRoomLeft) await once(stream, 'drain', { signal }).catch(() => undefined);
    }
  };
  // Outputs that are followed come as they are written; the others one after the other.
  if (query.follow === 'true') await Promise.all(sources.map(write));
  else for (const source of sources) await write(source);
}

/** Containers of pods that exist, and of pods whose end was kept, each once, in alphabetical order. */
async function logSources(
  { client, observations }: RestOptions,
  { metadata }: StoredTrial,
  wanted: LogQuery,
): Promise<LogSource[]> {
  const { namespace, name, uid } = metadata;
  const pods = await client.list(PODS, { namespace, labelSelector: `${TRIAL_LABEL}=${name}` });
  const all: LogSource[] = [...pods.items.flatMap(containersOf), ...(await observations.logTails(uid))];
  const unique = new Map(all.map(({ pod, container }) => [`${pod}/${container}`, { pod, container }]));
  return [...unique.keys()]
    .sort()
    .flatMap((key) => unique.get(key) ?? [])
    .filter(({ pod }) => wanted.pod === undefined || wanted.pod === pod)
    .filter(({ container }) => wanted.container === undefined || wanted.container === container);
}

function containersOf({ metadata, spec }: Pod): LogSource[] {
  return [...(spec.initContainers ?? []), ...spec.containers]
    .filter(({ name }) => name !== COLLECTOR_CONTAINER)
    .map(({ name }) => ({ pod: metadata.name ?? '', container: name }));
}

type Line = Pick<PodLogLine, 'text'> & Partial<PodLogLine>;

async function* linesOf(
  { logs, observations }: RestOptions,
  { metadata }: StoredTrial,
  { pod, container }: LogSource,
  { follow, tailLines }: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<Line> {
  let isEmpty = true;
  const namespace = metadata.namespace ?? 'default';
  for await (const line of logs.read({
    namespace,
    pod,
    container,
    follow: follow === 'true',
    tailLines,
    signal,
  })) {
    isEmpty = false;
    yield line;
  }
  if (!isEmpty || tailLines === 0) return;
  const tails = await observations.logTails(metadata.uid);
  const kept = tails.filter((tail) => tail.pod === pod && tail.container === container);
  const lines = kept.flatMap(({ text }) => text.replace(/\n$/, '').split('\n'));
  for (const text of tailLines === undefined ? lines : lines.slice(-tailLines)) yield { text };
}

function textOf(
  line: Line,
  { pod, container }: LogSource,
  { format }: LogQuery,
  isOneOfSeveral: boolean,
): string {
  if (format === 'ndjson') return `${JSON.stringify({ pod, container, ...line })}\n`;
  return `${isOneOfSeveral ? `[${pod}/${container}] ` : ''}${line.text}\n`;
}
