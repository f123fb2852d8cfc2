import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { condition, NOW } from '../../support/experiment-objects.ts';
import { startRestServer, type RestServer } from '../../support/rest-server.ts';
import { EXPERIMENT_PATH, storeExperiment, storeTrial, TRIALS_PATH } from '../fixtures.ts';

let server: RestServer;
beforeAll(async () => {
  server = await startRestServer();
  const algorithmSettings = [{ name: 'worse_than', value: '5' }];
  await storeExperiment(server.client, 'exp', {
    earlyStopping: { algorithmName: 'threshold', algorithmSettings },
  });
  for (const [index, losses] of [
    [1, 1],
    [NaN, 9, 2],
  ].entries()) {
    const { metadata } = await storeTrial(server.client, {
      index,
      state: 'Succeeded',
      loss: losses.at(-1) ?? 0,
    });
    const points = losses.map((value, at) => ({
      metric: 'loss',
      value,
      step: null,
      timeMs: at * 1_000,
      sequence: at,
    }));
    await server.observations.report({ trialUid: metadata.uid, source: 'pod/main' }, points);
  }
  const record = {
    rule: 'medianstop',
    metric: 'loss',
    step: 4,
    value: 'NaN',
    peers: 3,
    reason: 'Because.',
    time: NOW,
  };
  await storeTrial(server.client, {
    index: 2,
    status: { conditions: [condition('EarlyStopped')], earlyStopping: record },
  });
});
afterAll(() => server.close());

describe('the replay of an early stopper', () => {
  it('tells what would have been stopped and saved', async () => {
    const { status, at } = await server.json(
      `${EXPERIMENT_PATH}/replay?rule=threshold&settings=worse_than=3`,
    );
    expect(status).toBe(200);
    expect(at('items', 0)).toEqual({
      rule: 'threshold',
      settings: { worse_than: '3' },
      trials: 2,
      stopped: 1,
      reports: 5,
      reportsSaved: 2,
      secondsSaved: 2,
      best: { trial: 'exp-0', value: 1, stoppedAtStep: null },
      isBestLost: false,
      bestValue: 1,
      stops: [
        {
          trial: 'exp-1',
          step: 1,
          value: null,
          threshold: 3,
          peers: 0,
          reason: 'loss is not a number.',
          reports: 3,
          reportsSaved: 2,
          secondsSaved: 2,
          finalValue: 2,
        },
      ],
    });
  });

  it("takes the experiment's own rule with its settings, and others that need none", async () => {
    const { at } = await server.json(`${EXPERIMENT_PATH}/replay`);
    const items = at('items') as { rule: string; settings: object }[];
    expect(items.map(({ rule }) => rule)).toEqual([
      'threshold',
      'medianstop',
      'asha',
      'percentile',
      'plateau',
    ]);
    expect(items[0]?.settings).toEqual({ worse_than: '5' });
  });

  it.each([
    ['rule=guess', 422, /guess/],
    ['rule=asha&settings=eta=1', 422, /eta/],
    ['rule=asha&settings=eta', 400, /settings/],
    ['settings=eta=3', 400, /There is no rule/],
    ['role=asha', 400, /role/],
  ])('is refused for %s', async (query, status, message) => {
    const answer = await server.json(`${EXPERIMENT_PATH}/replay?${query}`);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toMatch(message);
  });
});

it('a trial tells why it was stopped early', async () => {
  const stopped = await server.json(`${TRIALS_PATH}/exp-2`);
  expect(stopped.at('earlyStopping')).toEqual({
    rule: 'medianstop',
    metric: 'loss',
    step: 4,
    value: 'NaN',
    threshold: null,
    peers: 3,
    reason: 'Because.',
    time: NOW,
  });
  expect((await server.json(`${TRIALS_PATH}/exp-1`)).at('earlyStopping')).toBeNull();
});

it('the early stoppers are listed with their settings', async () => {
  const { at } = await server.json('/api/v1/early-stoppers');
  expect(at('items', 0)).toMatchObject({ name: 'medianstop' });
  expect(at('items', 0, 'settings', 1)).toMatchObject({ name: 'start_step', defaultValue: '4' });
});
