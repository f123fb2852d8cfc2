import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRIALS } from '../../kube/resource.ts';
import { eventually } from '../support/eventually.ts';
import { condition } from '../support/experiment-objects.ts';
import { startRestServer, type RestServer } from '../support/rest-server.ts';
import { EXPERIMENTS_PATH, storeExperiment, storeTrial, TRIALS_PATH } from './fixtures.ts';

const COUNT = 23;

let server: RestServer;
beforeAll(async () => {
  server = await startRestServer();
  await storeExperiment(server.client);
  await storeExperiment(server.client, 'empty');
  for (let index = 0; index < COUNT; index++) {
    if (index === 5) await storeTrial(server.client, { index, state: 'Running' });
    else if (index === 6) await storeTrial(server.client, { index, state: 'Succeeded', loss: 'nan' });
    else await storeTrial(server.client, { index, state: 'Succeeded', loss: (index * 7) % COUNT });
  }
  const message = 'Trial failed [TRIAL_OUT_OF_MEMORY] It used too much memory. Last output:\nMemoryError\n';
  const failed = condition('Failed', 'True', 'TrialFailed', message);
  const parameterAssignments = [
    { name: 'x', value: '9007199254740993' },
    { name: 'opt', value: 'adam' },
  ];
  await storeTrial(server.client, {
    index: COUNT,
    spec: { parameterAssignments },
    status: { conditions: [failed] },
  });
});
afterAll(() => server.close());

interface Page {
  items: { name: string }[];
  nextCursor: string | null;
  total: number;
}

async function list(query: string): Promise<Page> {
  const { status, body, at } = await server.json(`${TRIALS_PATH}?${query}`);
  expect([query, status, at('code')]).toEqual([query, 200, undefined]);
  return body as Page;
}

async function names(query: string): Promise<string> {
  return (await list(query)).items.map(({ name }) => name.replace('exp-', '')).join(' ');
}

describe('a list of trials', () => {
  it('has them in the order of their index, a hundred a page', async () => {
    const page = await list('');
    expect(page.items.map(({ name }) => name)).toEqual(
      Array.from({ length: COUNT + 1 }, (_, at) => `exp-${at}`),
    );
    expect(page).toMatchObject({ total: COUNT + 1, totalIsExact: true, nextCursor: null });
    expect((await server.json(`${EXPERIMENTS_PATH}/empty/trials`)).at('total')).toBe(0);
  });

  it.each([
    ['sort=objective&limit=3', '0 10 20'],
    ['sort=objective%20desc&limit=3', '13 3 16'],
    ['filter=status!=Succeeded', '5 23'],
    ['filter=objective<2%20AND%20params.x>5', '10'],
    ['filter=NOT%20objective:*', '5 6 23'],
    ['filter=metrics.loss=NaN', '6'],
    ['filter=name:"EXP-2"&sort=name%20desc', '23 22 21 20 2'],
  ])('%s has %s', async (query, expected) => expect(await names(query)).toBe(expected));

  it.each(['', 'sort=objective desc', 'sort=status,objective', 'filter=objective>3&sort=objective'])(
    'is the same page by page (%s)',
    async (query) => {
      const whole = await names(`${query}&limit=1000`);
      const pieces: string[] = [];
      let cursor: string | null = null;
      do {
        const at: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page = await list(`${query}&limit=5${at}`);
        expect(page.items.length).toBeGreaterThan(0);
        pieces.push(...page.items.map(({ name }) => name.replace('exp-', '')));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(pieces.join(' ')).toBe(whole);
    },
  );

  it('has the fields that were asked for', async () => {
    const { items } = await list('fields=name,params.x,metrics&limit=2&filter=status=Failed');
    expect(items).toEqual([{ name: 'exp-23', params: { x: '9007199254740993' }, metrics: {} }]);
  });

  it('is told when a trial is created, changes and goes', async () => {
    await list('');
    const stored = await storeTrial(server.client, { index: 99, state: 'Running' });
    await eventually(async () => expect(await names('filter=status=Running')).toBe('5 99'));
    await server.client.delete(TRIALS, { namespace: 'default', name: stored.metadata.name });
    await eventually(async () => expect(await names('filter=status=Running')).toBe('5'));
  });
});

describe('a trial', () => {
  it('is told with its parameters as numbers where they are exact, and why it failed', async () => {
    const { body } = await server.json(`${TRIALS_PATH}/exp-23`);
    expect(body).toMatchObject({
      experiment: 'exp',
      status: 'Failed',
      objective: null,
      params: { x: '9007199254740993', opt: 'adam' },
      failure: { code: 'TRIAL_OUT_OF_MEMORY', lastLogLines: ['MemoryError'] },
      manifest: { kind: 'Trial', spec: { runSpec: { kind: 'Job' } } },
    });
    const { body: fine } = await server.json(`${TRIALS_PATH}/exp-7`);
    expect(fine).toMatchObject({ failure: null });
  });

  it('has no result where its objective is NaN, though it succeeded', async () => {
    const { body } = await server.json(`${TRIALS_PATH}/exp-6`);
    expect(body).toMatchObject({
      status: 'Succeeded',
      objective: null,
      failure: { code: null },
      metrics: { loss: { latest: 'NaN' } },
    });
  });

  it('is not one of another experiment', async () => {
    expect((await server.fetch(`${EXPERIMENTS_PATH}/empty/trials/exp-1`)).status).toBe(404);
  });
});
