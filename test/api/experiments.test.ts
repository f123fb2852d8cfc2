import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { EXPERIMENTS } from '../../kube/resource.ts';
import { temporaryFolder } from '../support/command.ts';
import { condition, NOW } from '../support/experiment-objects.ts';
import { posting, startRestServer, type RestServer } from '../support/rest-server.ts';
import { EXPERIMENT_PATH, EXPERIMENTS_PATH, experimentObject, storeExperiment } from './fixtures.ts';

let server: RestServer;
beforeEach(async () => {
  server = await startRestServer();
});
afterEach(() => server.close());

function patching(body: unknown, tag: string): RequestInit {
  return { ...posting(body, { 'if-match': tag }), method: 'PATCH' };
}

async function names(query = '', path = EXPERIMENTS_PATH): Promise<string> {
  const items = (await server.json(`${path}?fields=name${query}`)).at('items');
  return (items as { name: string }[]).map(({ name }) => name).join(' ');
}

describe('creating an experiment', () => {
  it.each([
    ['JSON', 'application/json', JSON.stringify(experimentObject())],
    ['YAML', 'application/yaml', stringify(experimentObject())],
    [
      'YAML without what the address says',
      'text/yaml',
      stringify({ metadata: { name: 'exp' }, spec: experimentObject().spec }),
    ],
  ])('takes %s', async (_, type, body) => {
    const {
      status,
      headers,
      body: created,
    } = await server.json(EXPERIMENTS_PATH, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });
    const stored = await server.client.get(EXPERIMENTS, { namespace: 'default', name: 'exp' });
    expect(status).toBe(201);
    expect(headers.get('etag')).toBe(`"${stored.metadata.resourceVersion}"`);
    expect(created).toMatchObject({
      name: 'exp',
      namespace: 'default',
      status: 'Created',
      maxTrials: 6,
      manifest: stored,
    });
  });

  it('stores nothing in a dry run, and answers the same', async () => {
    const { status, at } = await server.json(`${EXPERIMENTS_PATH}?dryRun=All`, posting(experimentObject()));
    expect([status, at('name')]).toEqual([201, 'exp']);
    expect(await names()).toBe('');
    expect((await server.json(`${EXPERIMENTS_PATH}?dryRun=All`, posting({}))).status).toBe(422);
  });

  it('refuses one of another namespace', async () => {
    const object = experimentObject();
    const { status, at } = await server.json('/api/v1/namespaces/other/experiments', posting(object));
    expect([status, at('errors', 0, 'pointer')]).toEqual([422, '/metadata/namespace']);
  });
});

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'k-1' };

  it('creates once, also for many requests at once, and says which answers are repeats', async () => {
    const asked = Array.from({ length: 5 }, () =>
      server.json(EXPERIMENTS_PATH, posting(experimentObject(), key)),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(4);
  });

  it('belongs to one request', async () => {
    await server.json(EXPERIMENTS_PATH, posting(experimentObject(), key));
    const { status, at } = await server.json(EXPERIMENTS_PATH, posting(experimentObject('other'), key));
    expect([status, at('code')]).toEqual([422, 'REST_IDEMPOTENCY_KEY_REUSED']);
    expect(await names()).toBe('exp');
  });

  it('is free again after a refusal', async () => {
    expect((await server.json(EXPERIMENTS_PATH, posting({}, key))).status).toBe(422);
    expect((await server.json(EXPERIMENTS_PATH, posting(experimentObject(), key))).status).toBe(201);
  });

  it('is known after a restart, for given and for generated names', async () => {
    using folder = temporaryFolder();
    const path = `${folder.path}/objects.db`;
    const generated = { metadata: { generateName: 'gen-' }, spec: experimentObject().spec };
    const create = async (
      body: unknown,
      headers: Record<string, string>,
    ): Promise<[number, string, string | null]> => {
      const restarted = await startRestServer({ path });
      const answer = await restarted.json(EXPERIMENTS_PATH, posting(body, headers));
      await restarted.close();
      return [
        answer.status,
        String(answer.at('uid') ?? answer.at('code')),
        answer.headers.get('idempotent-replayed'),
      ];
    };
    const [, uid] = await create(experimentObject(), key);
    expect(await create(experimentObject(), key)).toEqual([201, uid, 'true']);
    expect(await create(experimentObject('exp', { maxTrialCount: 9 }), key)).toEqual([
      422,
      'REST_IDEMPOTENCY_KEY_REUSED',
      null,
    ]);
    expect(await create(experimentObject(), {})).toEqual([409, 'REST_ALREADY_EXISTS', null]);
    expect(await create(experimentObject(), { 'idempotency-key': 'k-2' })).toEqual([
      409,
      'REST_ALREADY_EXISTS',
      null,
    ]);
    const [, generatedUid] = await create(generated, { 'idempotency-key': 'k-3' });
    expect(await create(generated, { 'idempotency-key': 'k-3' })).toEqual([201, generatedUid, 'true']);
    expect((await create(generated, { 'idempotency-key': 'k-4' }))[1]).not.toBe(generatedUid);
  });
});

describe('reading experiments', () => {
  it('shows counts, the best trial and times, flat', async () => {
    const stored = await storeExperiment(server.client);
    const metrics = [{ name: 'loss', min: '0.25', max: 'nan', latest: 'unavailable' }];
    await server.client.updateStatus(EXPERIMENTS, {
      ...stored,
      status: {
        conditions: [condition('Succeeded', 'True', 'ExperimentGoalReached', 'reached\nmore')],
        startTime: NOW,
        completionTime: '2026-01-01T12:01:00Z',
        trials: 3,
        trialsSucceeded: 2,
        trialsKilled: 1,
        currentOptimalTrial: {
          bestTrialName: 'exp-1',
          parameterAssignments: [
            { name: 'x', value: '1e-05' },
            { name: 'opt', value: 'adam' },
          ],
          observation: { metrics },
        },
      },
    });
    expect((await server.json(EXPERIMENT_PATH)).body).toMatchObject({
      status: 'Succeeded',
      reason: 'ExperimentGoalReached',
      message: 'reached',
      objective: 0.25,
      bestTrial: {
        name: 'exp-1',
        objective: 0.25,
        params: { x: 0.00001, opt: 'adam' },
        metrics: { loss: { min: 0.25, max: 'NaN', latest: null } },
      },
      trials: { total: 3, succeeded: 2, killed: 1, failed: 0 },
      durationSeconds: 60,
    });
  });

  it('lists by namespace and across, filtered and in order', async () => {
    await storeExperiment(server.client, 'a-10');
    await storeExperiment(server.client, 'a-2', { maxTrialCount: 50 });
    await server.client.create(EXPERIMENTS, {
      ...experimentObject('b'),
      metadata: { name: 'b', namespace: 'other', labels: { team: 'vision' } },
    });
    expect(await names()).toBe('a-2 a-10');
    expect(await names('&sort=name%20desc')).toBe('a-10 a-2');
    expect(await names('', '/api/v1/experiments')).toBe('a-2 a-10 b');
    expect(await names('&filter=maxTrials>6', '/api/v1/experiments')).toBe('a-2');
    expect(await names('&filter=labels.team:vis', '/api/v1/experiments')).toBe('b');
    expect((await server.json('/api/v1/namespaces')).at('items')).toEqual([
      { name: 'default' },
      { name: 'other' },
    ]);
  });

  it('answers 304 to the ETag of what has not changed', async () => {
    await storeExperiment(server.client);
    for (const path of [EXPERIMENT_PATH, EXPERIMENTS_PATH, '/openapi.json']) {
      const tag = (await server.fetch(path)).headers.get('etag') ?? '';
      const again = await server.fetch(path, { headers: { 'if-none-match': `"other", ${tag}` } });
      expect([path, again.status, await again.text()]).toEqual([path, 304, '']);
    }
    const tag = (await server.fetch(EXPERIMENT_PATH)).headers.get('etag') ?? '';
    await server.json(EXPERIMENT_PATH, patching({ spec: { maxTrialCount: 7 } }, tag));
    expect((await server.fetch(EXPERIMENT_PATH, { headers: { 'if-none-match': tag } })).status).toBe(200);
  });

  it('answers HEAD as GET, without a body', async () => {
    await storeExperiment(server.client);
    const response = await server.fetch(EXPERIMENT_PATH, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('etag')).toMatch(/^"\d+"$/);
  });

  it('compresses what is large, for those who take it', async () => {
    const response = await server.fetch('/openapi.json', { headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.json()).toMatchObject({ openapi: '3.1.0' });
    const plain = await server.fetch('/openapi.json', { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });
});

describe('changing an experiment', () => {
  it('takes a merge patch for the version that was read, and for no other', async () => {
    await storeExperiment(server.client);
    const tag = (await server.fetch(EXPERIMENT_PATH)).headers.get('etag') ?? '';
    const change = {
      spec: { maxTrialCount: 20, maxFailedTrialCount: 3 },
      metadata: { labels: { team: 'a' } },
    };
    const changed = await server.json(EXPERIMENT_PATH, patching(change, tag));
    expect(changed).toMatchObject({
      status: 200,
      body: { maxTrials: 20, maxFailedTrials: 3, labels: { team: 'a' } },
    });
    expect((await server.json(EXPERIMENT_PATH, patching(change, tag))).status).toBe(412);
    const weak = `W/${changed.headers.get('etag') ?? ''}`;
    const removed = await server.json(
      EXPERIMENT_PATH,
      patching({ spec: { maxFailedTrialCount: null } }, weak),
    );
    expect(removed).toMatchObject({ status: 200, body: { maxTrials: 20, maxFailedTrials: null } });
    expect((await server.json(EXPERIMENT_PATH, patching({}, '*'))).status).toBe(200);
  });

  it('refuses to change what makes it another experiment', async () => {
    await storeExperiment(server.client);
    const answer = await server.json(
      EXPERIMENT_PATH,
      patching({ spec: { objective: { type: 'maximize' } } }, '*'),
    );
    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/spec/objective', line: 1 }] },
    });
  });

  it('changes nothing in a dry run', async () => {
    await storeExperiment(server.client);
    const path = `${EXPERIMENT_PATH}?dryRun=All`;
    expect((await server.json(path, patching({ spec: { maxTrialCount: 20 } }, '*'))).at('maxTrials')).toBe(
      20,
    );
    expect((await server.json(EXPERIMENT_PATH)).at('maxTrials')).toBe(6);
  });
});

describe('what can be known before', () => {
  it('is everything that is wrong', async () => {
    const valid = await server.json('/api/v1/experiments:validate', posting(experimentObject()));
    expect(valid).toMatchObject({ status: 200, body: { valid: true, errors: [] } });
    const template = { trialSpec: { apiVersion: 'ray.io/v1', kind: 'RayJob' } };
    const { at } = await server.json(
      '/api/v1/experiments:validate',
      posting({ spec: { trialTemplate: template } }),
    );
    expect(at('valid')).toBe(false);
    expect(at('errors')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ pointer: '/metadata' }),
        expect.objectContaining({ pointer: '/spec/objective' }),
      ]),
    );
  });

  it('is the first suggestions and the first job', async () => {
    const { status, at } = await server.json(
      '/api/v1/experiments:preview?count=3',
      posting(experimentObject()),
    );
    expect(status).toBe(200);
    expect(at('suggestions')).toHaveLength(3);
    expect(at('firstTrial')).toMatchObject({ kind: 'Job', metadata: { name: 'exp-0' } });
    expect(at('suggestions', 0, 'params', 'x')).toEqual(expect.any(Number));
  });

  it('is a template that nobody has stored', async () => {
    const trialTemplate = {
      ...experimentObject().spec.trialTemplate,
      trialSpec: undefined,
      successCondition: 'status.conditions.#(type=="Complete")#',
      failureCondition: 'status.conditions.#(type=="Failed")#',
      primaryPodLabels: { role: 'trainer' },
      configMap: { configMapName: 'm', configMapNamespace: 'default', templatePath: 'job.yaml' },
    };
    const object = experimentObject('exp', { trialTemplate });
    const { status, at } = await server.json('/api/v1/experiments:preview', posting(object));
    expect([status, at('code')]).toEqual([422, 'TEMPLATE_NOT_FOUND']);
  });
});
