import { z } from 'zod';
import { parseTime } from '../../core/time.ts';
import type { KubeClient } from '../../kube/client.ts';
import { EVENTS, type KubeEvent } from '../../kube/resource.ts';
import { findExperiment, findTrial } from '../find-object.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';
import { TRIAL_PATH } from '../trials/trial-routes.ts';

const eventSchema = z
  .strictObject({
    time: z.number().nullable().describe('Milliseconds since 1970, UTC; of the last occurrence.'),
    type: z.enum(['Normal', 'Warning']),
    reason: z.string(),
    message: z.string(),
    count: z.number().describe('How often it happened.'),
  })
  .meta({ id: 'Event' });
type EventView = z.infer<typeof eventSchema>;

const eventsSchema = z.strictObject({ items: z.array(eventSchema) }).meta({ id: 'EventList' });

export function eventRoutes(options: RestOptions): Route[] {
  return [ofTrial(options), ofExperiment(options)];
}

function ofTrial({ client, observations }: RestOptions): Route {
  return {
    method: 'get',
    path: `${TRIAL_PATH}/events`,
    operationId: 'listTrialEvents',
    tag: 'results',
    summary: 'What happened to a trial, oldest first',
    responses: { 200: { description: 'Those kept with its results, too.', schema: eventsSchema } },
    async handle({ params }) {
      const { metadata } = await findTrial(client, params);
      const kept = (await observations.events(metadata.uid)).map(({ timeMs, type, reason, message }) => ({
        time: timeMs,
        type,
        reason,
        message,
        count: 1,
      }));
      const told = await eventsAbout(client, metadata.namespace, ['Trial'], metadata.name);
      return { status: 200, body: { items: inOrder([...kept, ...told]) } };
    },
  };
}

function ofExperiment({ client }: RestOptions): Route {
  return {
    method: 'get',
    path: '/namespaces/{namespace}/experiments/{experiment}/events',
    operationId: 'listExperimentEvents',
    tag: 'results',
    summary: 'What happened to an experiment and its search, oldest first',
    responses: { 200: { description: 'The events that are still kept.', schema: eventsSchema } },
    async handle({ params }) {
      const { metadata } = await findExperiment(client, params);
      const told = await eventsAbout(client, metadata.namespace, ['Experiment', 'Suggestion'], metadata.name);
      return { status: 200, body: { items: inOrder(told) } };
    },
  };
}

async function eventsAbout(
  client: KubeClient,
  namespace: string | undefined,
  kinds: readonly string[],
  name: string,
): Promise<EventView[]> {
  const { items } = await client.list(EVENTS, { namespace });
  return items
    .filter(({ involvedObject: { kind = '', name: about } }) => about === name && kinds.includes(kind))
    .map(eventView);
}

function eventView({
  lastTimestamp,
  type = 'Normal',
  reason = '',
  message = '',
  count = 1,
}: KubeEvent): EventView {
  return { time: lastTimestamp ? parseTime(lastTimestamp) : null, type, reason, message, count };
}

function inOrder(events: EventView[]): EventView[] {
  return events.sort((left, right) => (left.time ?? 0) - (right.time ?? 0));
}
