import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRestServer, type RestServer } from '../../support/rest-server.ts';
import { experimentSpec, JOB_TEMPLATE } from '../../support/experiment-objects.ts';
import { EXPERIMENT_PATH, EXPERIMENTS_PATH, storeExperiment, storeTrial } from '../fixtures.ts';

const PATH = `${EXPERIMENT_PATH}/importances`;
const PARAMETERS = [
  { name: 'x', parameterType: 'double' as const, feasibleSpace: { min: '0', max: '1' } },
  { name: 'kind', parameterType: 'categorical' as const, feasibleSpace: { list: ['a', 'b'] } },
];

let server: RestServer;
beforeAll(async () => {
  server = await startRestServer();
  const { trialTemplate } = experimentSpec();
  await storeExperiment(server.client, 'exp', {
    parameters: PARAMETERS,
    trialTemplate: {
      ...trialTemplate,
      trialParameters: PARAMETERS.map(({ name }) => ({ name, reference: name })),
      trialSpec: withArgument(JOB_TEMPLATE),
    },
  });
  for (let index = 0; index < 40; index++) await storeEnded(index);
  await storeExperiment(server.client, 'empty');
});
afterAll(() => server.close());

/** The job with the second parameter on its command line as well. */
function withArgument(job: typeof JOB_TEMPLATE): typeof JOB_TEMPLATE {
  const text = JSON.stringify(job).replace('"--x=', '"--kind=${trialParameters.kind}","--x=');
  return JSON.parse(text) as typeof JOB_TEMPLATE;
}

async function storeEnded(index: number): Promise<void> {
  const x = (index * 0.618034) % 1;
  await storeTrial(server.client, {
    index,
    state: 'Succeeded',
    loss: Math.abs(x - 0.3),
    spec: {
      parameterAssignments: [
        { name: 'x', value: String(x) },
        { name: 'kind', value: index % 3 === 0 ? 'a' : 'b' },
      ],
    },
  });
}

describe('importances', () => {
  it.each(['pedanova', 'fanova'])('tell by %s what matters and what that means', async (evaluator) => {
    const { status, at } = await server.json(`${PATH}?evaluator=${evaluator}`);
    expect([status, at('evaluator'), at('trials'), at('notes')]).toEqual([200, evaluator, 40, []]);
    expect(at('importances', 0, 'parameter')).toBe('x');
    expect(at('importances', 0, 'share')).toBeGreaterThan(0.9);
    expect(at('meaning')).toMatch(/^A share is /);
    expect(typeof at('explained')).toBe(evaluator === 'fanova' ? 'number' : 'object');
  });

  it('take pedanova where nothing is said', async () =>
    expect((await server.json(PATH)).at('evaluator')).toBe('pedanova'));

  it('have a tag that changes when another trial has ended', async () => {
    const tag = (await server.json(PATH)).headers.get('etag') ?? '';
    expect((await server.fetch(PATH, { headers: { 'if-none-match': tag } })).status).toBe(304);
    await storeEnded(50);
    await expect
      .poll(async () => (await server.json(PATH, { headers: { 'if-none-match': tag } })).at('trials'))
      .toBe(41);
  });

  it('say why there are none', async () => {
    const { status, at } = await server.json(`${EXPERIMENTS_PATH}/empty/importances`);
    expect([status, at('importances')]).toEqual([200, []]);
    expect(at('notes', 0)).toBe('0 trials have a result, and at least 10 are needed.');
  });

  it.each([
    ['evaluator=shap', 'evaluator'],
    ['target=0', 'target'],
    ['target=1', 'target'],
    ['target=', 'target'],
    ['target=few', 'target'],
    ['region=1.1', 'region'],
    ['target=0.5&region=0.4', 'target: The target 0.5 is not below the region 0.4.'],
    ['evaluator=fanova&region=0.5', 'region: fanova looks at all trials alike'],
  ])('are refused for %s', async (query, detail) => {
    const { status, at } = await server.json(`${PATH}?${query}`);
    expect([status, at('code')]).toEqual([400, 'REST_PARAMETER_INVALID']);
    expect(at('detail')).toContain(detail);
  });
});
