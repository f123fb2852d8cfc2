import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KatydidError } from '../../../core/errors.ts';
import { reportUrl } from '../../../api/report/report-url.ts';
import { startRestServer, type RestServer } from '../../support/rest-server.ts';
import { storeExperiment, storeTrial } from '../fixtures.ts';

let server: RestServer;
let address: string;
let uid: string;
beforeAll(async () => {
  server = await startRestServer();
  await storeExperiment(server.client);
  ({ uid } = (await storeTrial(server.client, { index: 0, state: 'Running' })).metadata);
  address = reportUrl('', server.options.reportKey, uid);
});
afterAll(() => server.close());

/** Without the token of the API: the address is enough. */
function report(body: string, type: string, to = address): Promise<Response> {
  return fetch(`${server.url}${to}`, { method: 'POST', body, headers: { 'content-type': type } });
}

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

describe('a report over HTTP', () => {
  it.each<[string, string, string, unknown[]]>([
    ['a line, as curl -d sends it', 'loss=0.5', FORM, [[0.5, null]]],
    [
      'several lines',
      'epoch=1 loss=0.5\nepoch=2 loss=0.25',
      'text/plain',
      [
        [0.5, 1],
        [0.25, 2],
      ],
    ],
    ['an object', '{"loss": 0.5, "step": 3}', JSON_TYPE, [[0.5, 3]]],
    [
      'a list',
      '[{"loss": 0.5, "step": 1}, {"loss": "NaN", "step": 2}]',
      JSON_TYPE,
      [
        [0.5, 1],
        ['NaN', 2],
      ],
    ],
  ])('takes %s', async (_, body, type, expected) => {
    const response = await report(body, type);
    expect(response.status).toBe(202);
    const { stored } = (await response.json()) as { stored: { value: unknown; step: unknown }[] };
    expect(stored.map(({ value, step }) => [value, step])).toEqual(expected);
  });

  it('is stored, each value once', async () => {
    const before = (await server.observations.summaries(uid))[0]?.count ?? 0;
    await Promise.all([report('loss=7', FORM), report('loss=8', FORM)]);
    expect((await server.observations.summaries(uid))[0]).toMatchObject({ count: before + 2, max: 8 });
  });

  it.each([
    ['names what it found and what is wanted', 'los=0.5', 422, 'los'],
    ['of nothing', 'hello', 422, 'names no value'],
  ])('that %s is refused', async (_, body, status, detail) => {
    const response = await report(body, 'text/plain');
    expect(response.status).toBe(status);
    const problem = (await response.json()) as { detail: string };
    expect(problem.detail).toContain(detail);
  });

  it('to an address that was not given out is refused', async () => {
    expect((await report('loss=1', FORM, address.slice(0, -1) + 'x')).status).toBe(404);
    expect((await report('loss=1', FORM, reportUrl('', server.options.reportKey, 'other'))).status).toBe(404);
  });

  it('of a trial that has ended is refused', async () => {
    const { metadata } = await storeTrial(server.client, { index: 1, state: 'Succeeded', loss: 1 });
    const ended = reportUrl('', server.options.reportKey, metadata.uid);
    await expect.poll(async () => (await report('loss=1', FORM, ended)).status).toBe(409);
  });

  it('is answered, whatever it holds', async () => {
    const type = fc.constantFrom(FORM, 'text/plain', JSON_TYPE);
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('loss=', '[[]]', '{"loss":{}}', 'loss=1e999'),
    );
    await fc.assert(
      fc.asyncProperty(body, type, async (text, contentType) => {
        expect((await report(text, contentType)).status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });
});

it('a report that a full disk refuses is answered when it is stored', async () => {
  let refusals = 1;
  const { sink } = server.options;
  const own = await startRestServer({
    more: {
      sink: {
        ...sink,
        report: (source, batch) =>
          refusals-- > 0 ? Promise.reject(new KatydidError('DB_FULL', 'full')) : sink.report(source, batch),
      },
    },
  });
  await storeExperiment(own.client);
  const { metadata } = await storeTrial(own.client, { index: 0, state: 'Running' });
  const response = await fetch(own.url + reportUrl('', own.options.reportKey, metadata.uid), {
    method: 'POST',
    body: 'loss=0.125',
    headers: { 'content-type': FORM },
  });
  expect([response.status, refusals]).toEqual([202, -1]);
  expect((await server.observations.summaries(metadata.uid))[0]).toMatchObject({ count: 1, max: 0.125 });
  await own.close();
});
