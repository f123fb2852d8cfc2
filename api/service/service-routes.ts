import { z } from 'zod';
import { errorMessage } from '../../core/errors.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { Problem } from '../problem/problem.ts';
import type { RestOptions } from '../rest-options.ts';
import type { Route } from '../route.ts';

const tag = 'service';

/** What tells that the server is there, without a token. At the root, not below `/api/v1`. */
export function serviceRoutes(options: RestOptions, document: () => unknown): Route[] {
  return [health(), readiness(options), version(options), openApi(document)];
}

const okSchema = z.strictObject({ status: z.literal('ok') }).meta({ id: 'Health' });

function health(): Route {
  return {
    method: 'get',
    path: '/healthz',
    operationId: 'getHealth',
    tag,
    summary: 'The server runs',
    open: true,
    responses: { 200: { description: 'It does.', schema: okSchema } },
    handle: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
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
