import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentVerbs, VerbResult } from '../../api/experiments/verb-routes.ts';
import { verbRoutes } from '../../api/experiments/verb-routes.ts';
import { createAnswerStore } from '../../api/router/answer-store.ts';
import { handleRequests } from '../../api/router/handle-request.ts';
import { createRouteTable, mountRoutes } from '../../api/router/route-table.ts';
import { systemClock } from '../../core/clock.ts';
import { KatydidError } from '../../core/errors.ts';
import { silentLogger } from '../../core/logger.ts';
import { listenOnLoopback, type LoopbackServer } from '../../http/loopback-server.ts';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { posting, startRestServer, type RestServer } from '../support/rest-server.ts';
import { EXPERIMENT_PATH, EXPERIMENTS_PATH, storeExperiment, storeTrial } from './fixtures.ts';

let rest: RestServer;
let server: LoopbackServer;
/** What the verbs were asked, in words. */
let asked: string[];

/** Verbs that note what they are asked and change nothing. */
function notingVerbs({ client }: RestServer): ExperimentVerbs {
  const note = async (what: unknown[], changed = true): Promise<VerbResult> => {
    asked.push(JSON.stringify(what));
    const experiment = await client.get(EXPERIMENTS, { namespace: 'default', name: 'exp' });
    return { experiment, changed, did: ['Did it.'], left: [] };
  };
  return {
    changeDesiredState: (_, ref, verb) => note([ref.name, verb]),
    extendExperiment: (_, ref, extension) => note([ref.name, extension]),
    deleteExperiment: (_, ref) => note(['delete', ref.name]),
    stopTrial: (_, ref) =>
      ref.name === 'exp-1'
        ? Promise.reject(new KatydidError('EXPERIMENT_DIFFERS', 'It has ended.', { remedy: 'Leave it.' }))
        : note(['stop', ref.name], false),
  };
}

beforeEach(async () => {
  asked = [];
  rest = await startRestServer();
  await storeExperiment(rest.client);
  await storeTrial(rest.client, { index: 0 });
  await storeTrial(rest.client, { index: 1 });
  const table = createRouteTable(mountRoutes('/api/v1', verbRoutes(rest.options, notingVerbs(rest))));
  const app = express();
  const answers = createAnswerStore(systemClock);
  const closing = new AbortController().signal;
  app.use(handleRequests({ table, token: rest.token, answers, logger: silentLogger, closing }));
  server = await listenOnLoopback(app, { port: 0 });
});
afterEach(async () => {
  await server.close();
  await rest.close();
});

async function ask(path: string, init: RequestInit = { method: 'POST' }): Promise<[number, unknown]> {
  const headers = {
    authorization: `Bearer ${rest.token}`,
    ...(init.headers as Record<string, string> | undefined),
  };
  const response = await fetch(`${server.url}${path}`, { ...init, headers });
  return [response.status, await response.json()];
}

describe('a verb', () => {
  it.each([
    [`${EXPERIMENT_PATH}:pause`, undefined, ['exp', 'pause']],
    [`${EXPERIMENT_PATH}:resume`, undefined, ['exp', 'resume']],
    [`${EXPERIMENT_PATH}:stop`, posting({}), ['exp', 'stop']],
    [`${EXPERIMENT_PATH}:cancel`, undefined, ['exp', 'cancel']],
    [`${EXPERIMENT_PATH}:extend`, posting({ maxTrials: { by: 5 } }), ['exp', { maxTrials: { by: 5 } }]],
    [
      `${EXPERIMENT_PATH}:extend`,
      posting({ maxTrials: { to: 9 }, parallelTrials: 4, maxFailedTrials: 0 }),
      ['exp', { maxTrials: { to: 9 }, parallelTrials: 4, maxFailedTrials: 0 }],
    ],
    [EXPERIMENT_PATH, { method: 'DELETE' }, ['delete', 'exp']],
    [EXPERIMENT_PATH, { method: 'DELETE', headers: { 'if-match': '*' } }, ['delete', 'exp']],
  ])('%s is carried out once', async (path, init, words) => {
    const [status, body] = await ask(path, init);
    expect([status, body]).toMatchObject([
      200,
      { changed: true, did: ['Did it.'], left: [], experiment: { name: 'exp' } },
    ]);
    expect(asked).toEqual([JSON.stringify(words)]);
  });

  it('stops a trial of the experiment, and says when nothing changed', async () => {
    expect(await ask(`${EXPERIMENT_PATH}/trials/exp-0:stop`)).toMatchObject([200, { changed: false }]);
    expect(await ask(`${EXPERIMENT_PATH}/trials/exp-1:stop`)).toMatchObject([
      409,
      { code: 'EXPERIMENT_DIFFERS', hint: 'Leave it.' },
    ]);
    expect(await ask(`${EXPERIMENT_PATH}/trials/exp-9:stop`)).toMatchObject([
      404,
      { code: 'REST_NOT_FOUND' },
    ]);
  });

  it.each<[string, RequestInit | undefined, number]>([
    [`${EXPERIMENTS_PATH}/other:pause`, undefined, 404],
    [`${EXPERIMENTS_PATH}/other`, { method: 'DELETE' }, 404],
    [EXPERIMENT_PATH, { method: 'DELETE', headers: { 'if-match': '"0"' } }, 412],
    [`${EXPERIMENT_PATH}:pause`, posting({ why: 'tired' }), 422],
    [`${EXPERIMENT_PATH}:extend`, undefined, 400],
    [`${EXPERIMENT_PATH}:extend`, posting({ maxTrials: 5 }), 422],
    [`${EXPERIMENT_PATH}:extend`, posting({ maxTrials: { by: 0 } }), 422],
    [`${EXPERIMENT_PATH}:extend`, posting({ maxTrials: { by: 1, to: 2 } }), 422],
    [`${EXPERIMENT_PATH}:extend`, posting({ trials: 5 }), 422],
  ])('%s is refused before anything is done', async (path, init, status) => {
    expect((await ask(path, init))[0]).toBe(status);
    expect(asked).toEqual([]);
  });

  it('with an Idempotency-Key extends once', async () => {
    const extend = posting({ maxTrials: { by: 5 } }, { 'idempotency-key': 'k' });
    const answers = [
      await ask(`${EXPERIMENT_PATH}:extend`, extend),
      await ask(`${EXPERIMENT_PATH}:extend`, extend),
    ];
    expect(answers[1]).toEqual(answers[0]);
    expect(asked).toHaveLength(1);
  });
});
