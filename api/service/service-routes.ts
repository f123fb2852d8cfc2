import { z } from 'zod';
import { DISK_FULL, UNLIMITED_SPACE } from '../../core/disk-space.ts';
import { errorMessage } from '../../core/errors.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { Problem } from '../problem/problem.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';

const tag = 'service';

/** What tells that the server is there, without a token. At the root, not below `/api/v1`. */
export function serviceRoutes(options: RestOptions, document: () => unknown): Route[] {
  return [health(options), readiness(options), version(options), openApi(document)];
}

const okSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Readiness' });

const healthSchema = z
  .strictObject({
    status: z
      .enum(['ok', 'degraded'])
      .describe('degraded: it runs, but something keeps it from all of its work.'),
    problems: z
      .array(z.strictObject({ code: z.string(), message: z.string() }))
      .optional()
      .describe('What that is. The codes are listed in docs/error-codes.md.'),
  })
  .meta({ id: 'Health' });

function health({ space = UNLIMITED_SPACE }: RestOptions): Route {
  return {
    method: 'get',
    path: '/healthz',
    operationId: 'getHealth',
    tag,
    summary: 'The server runs',
    open: true,
    responses: { 200: { description: 'It does.', schema: healthSchema } },
    handle: () => {
      const { shortage: message } = space;
      const body =
        message === null
          ? { status: 'ok' }
          : { status: 'degraded', problems: [{ code: DISK_FULL, message }] };
      return Promise.resolve({ status: 200, body });
    },
  };
}

function readiness({ client, logger }: RestOptions): Route {
  return {
    method: 'get',
    path: '/readyz',
    operationId: 'getReadiness',
    tag,
    summary: 'The server can answer: its store can be read',
    open: true,
    responses: { 200: { description: 'It can.', schema: okSchema } },
    async handle() {
      try {
        await client.list(EXPERIMENTS, { limit: 1 });
      } catch (error) {
        logger.warn('not ready', { error: errorMessage(error) });
        throw new Problem('REST_UNAVAILABLE', 'The store of the objects does not answer.', { cause: error });
      }
      return { status: 200, body: { status: 'ok' } };
    },
  };
}

function version({ version: ours }: RestOptions): Route {
  return {
    method: 'get',
    path: '/version',
    operationId: 'getVersion',
    tag,
    summary: 'The version of the program',
    open: true,
    responses: {
      200: {
        description: 'Name and version.',
        schema: z.strictObject({ name: z.literal('katydid'), version: z.string() }).meta({ id: 'Version' }),
      },
    },
    handle: () => Promise.resolve({ status: 200, body: { name: 'katydid', version: ours } }),
  };
}

function openApi(document: () => unknown): Route {
  return {
    method: 'get',
    path: '/openapi.json',
    operationId: 'getOpenApi',
    tag,
    summary: 'This description of the API, in OpenAPI 3.1',
    open: true,
    responses: { 200: { description: 'The document.', schema: z.looseObject({ openapi: z.string() }) } },
    handle: () => Promise.resolve({ status: 200, body: document() }),
  };
}
