import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredTrial } from '../../../core/trial.ts';
import { startRestServer, type RestServer } from '../../support/rest-server.ts';
import { EXPERIMENT_PATH, storeExperiment, storeTrial, TRIALS_PATH } from '../fixtures.ts';

let server: RestServer;
let first: StoredTrial;
beforeAll(async () => {
  server = await startRestServer();
  await storeExperiment(server.client);
  for (const index of [10, 2, 1])
    first = await storeTrial(server.client, { index, state: 'Succeeded', loss: index });
  const source = { trialUid: first.metadata.uid, source: 'pod/main' };
  const points = Array.from({ length: 1000 }, (_, at) => ({
    metric: 'loss',
    value: at === 500 ? -7 : at === 501 ? NaN : at,
    step: at,
    timeMs: 1_000 + at,
    sequence: at,
  }));
  await server.observations.report(source, points);
  const tail = { pod: 'pod', container: 'main', restartCount: 0, exitCode: 1, reason: null, timeMs: 1 };
  await server.observations.saveLogTail({ trialUid: first.metadata.uid, ...tail, text: 'one\ntwo\n' });
  await server.observations.recordEvent({
    trialUid: first.metadata.uid,
    timeMs: 5,
    type: 'Warning',
    reason: 'Because',
    message: 'It was so.',
  });
});
afterAll(() => server.close());

async function text(path: string): Promise<string> {
  const response = await server.fetch(path);
  expect(response.status).toBe(200);
  return response.text();
}

describe('results of a trial', () => {
  it.each(['time', 'step'])('keep their extremes when they are down-sampled, by %s', async (by) => {
    const { at } = await server.json(`${TRIALS_PATH}/exp-1/series?points=20&by=${by}`);
    const values = at('value') as number[];
    expect(values.length).toBeLessThanOrEqual(20);
    expect(values).toEqual(expect.arrayContaining([0, -7, 999]));
  });

  it('are all there as lines', async () => {
    const lines = (await text(`${TRIALS_PATH}/exp-1/observations`)).trimEnd().split('\n');
    expect(lines).toHaveLength(1000);
    expect(JSON.parse(lines[501] ?? '')).toMatchObject({ metric: 'loss', step: 501, value: 'NaN' });
    expect(await text(`${TRIALS_PATH}/exp-1/observations?metric=other`)).toBe('');
  });

  it('have a summary', async () => {
    const { at } = await server.json(`${TRIALS_PATH}/exp-1/metrics`);
    expect(at('items', 0)).toMatchObject({ metric: 'loss', count: 1000, min: -7, max: 999, latest: 999 });
  });

  it('have the kept end of the output of a pod that is gone', async () => {
    expect(await text(`${TRIALS_PATH}/exp-1/logs`)).toBe('one\ntwo\n');
    expect(await text(`${TRIALS_PATH}/exp-1/logs?tailLines=1`)).toBe('two\n');
    expect(JSON.parse(await text(`${TRIALS_PATH}/exp-1/logs?tailLines=1&format=ndjson`))).toMatchObject({
      pod: 'pod',
      container: 'main',
      text: 'two',
    });
  });

  it('have events', async () => {
    expect((await server.json(`${TRIALS_PATH}/exp-1/events`)).at('items', 0, 'reason')).toBe('Because');
    expect((await server.json(`${EXPERIMENT_PATH}/events`)).status).toBe(200);
  });

  it.each(['series?points=3', 'series?by=x', 'logs?tailLines=-1', 'logs?follow=maybe'])(
    'are refused for %s',
    async (query) => expect((await server.json(`${TRIALS_PATH}/exp-1/${query}`)).status).toBe(400),
  );
});

describe('results of an experiment', () => {
  it('are columns in the order of trials', async () => {
    const { at } = await server.json(`${EXPERIMENT_PATH}/columns`);
    expect(at('name')).toEqual(['exp-1', 'exp-2', 'exp-10']);
    expect(at('objective')).toEqual([1, 2, 10]);
  });

  it('are columns of the parameters and metrics asked for', async () => {
    const { at } = await server.json(`${EXPERIMENT_PATH}/columns?names=loss`);
    expect([at('params'), at('metrics')]).toEqual([{}, { loss: [1, 2, 10] }]);
    expect([at('started'), at('completed')]).toEqual([
      [null, null, null],
      [null, null, null],
    ]);
  });

  it.each([
    ['columns?names=loss,los', 'los', 'Did you mean "loss"?'],
    ['series?trials=exp-1,exp-11', 'exp-11', 'Did you mean "exp-1"?'],
  ])('are refused for %s, which nothing is called', async (query, name, hint) => {
    const { status, at } = await server.json(`${EXPERIMENT_PATH}/${query}`);
    expect([status, at('code'), at('hint')]).toEqual([400, 'REST_PARAMETER_INVALID', hint]);
    expect(at('detail')).toContain(`"${name}"`);
  });

  it('are curves of the trials asked for', async () => {
    const { at } = await server.json(`${EXPERIMENT_PATH}/series?trials=exp-1,exp-2&points=8`);
    expect([at('total'), at('items', 0, 'trial'), at('items', 1, 'value')]).toEqual([2, 'exp-1', []]);
    expect((await server.json(`${EXPERIMENT_PATH}/series?limit=1`)).at('items', 0, 'trial')).toBe('exp-10');
  });

  it('are exported in three formats', async () => {
    const rows = JSON.parse(await text(`${EXPERIMENT_PATH}/export?format=json`)) as { trial: string }[];
    expect(rows.map(({ trial }) => trial)).toEqual(['exp-1', 'exp-2', 'exp-10']);
    const lines = (await text(`${EXPERIMENT_PATH}/export?format=ndjson`)).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
    expect(await text(`${EXPERIMENT_PATH}/export`)).toMatch(/^trial,status,objective,.*\nexp-1,Succeeded,1,/);
    expect((await text(`${EXPERIMENT_PATH}/export?what=curves`)).split('\n')).toHaveLength(1002);
  });
});
