import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../core/logger.ts';
import { createSelfSignedCertificate } from '../../../local/api-server/certificate/self-signed-certificate.ts';
import type { SidecarArguments } from '../../../metrics-collector/sidecar-arguments.ts';
import { runSidecar } from '../../../metrics-collector/sidecar.ts';
import { settle } from '../../support/fake-clock.ts';
import { FakeHost } from '../fake-host.ts';
import { RecordingSink } from '../recording-sink.ts';

/** A training that answers every request with the next of its texts, and for ever with the last. */
class Training {
  readonly requests: IncomingMessage[] = [];
  readonly #server: Server;
  readonly #scheme: string;
  url = '';

  constructor(texts: readonly string[], head: { status?: number; type?: string; tls?: boolean } = {}) {
    const { status = 200, type = 'text/plain; version=0.0.4', tls = false } = head;
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      const text = texts[this.requests.length] ?? texts.at(-1) ?? '';
      this.requests.push(request);
      response.writeHead(status, { 'content-type': type }).end(text);
    };
    this.#scheme = tls ? 'https' : 'http';
    this.#server = tls
      ? createTlsServer(createSelfSignedCertificate(Date.now()), answer)
      : createServer(answer);
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/metrics`;
    return this;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

let host: FakeHost;
let sink: RecordingSink;
let training: Training;

beforeEach(() => {
  host = new FakeHost();
  sink = new RecordingSink();
});
afterEach(() => training.close());

async function serve(...given: ConstructorParameters<typeof Training>): Promise<void> {
  training = await new Training(...given).listen();
}

function start(metrics: readonly string[], http: Partial<SidecarArguments['http']> = {}): Promise<void> {
  const args: SidecarArguments = {
    trialName: 'random-0',
    trialUid: 'uid-0',
    kind: 'PrometheusMetric',
    metrics,
    container: 'training',
    path: null,
    format: 'TEXT',
    filters: [],
    primaryPodLabels: [],
    http: { url: training.url, headers: [], ...http },
  };
  return runSidecar(args, host, sink, silentLogger);
}

/** Lets time pass, slowly enough for a socket, until `done` holds. */
async function passUntil(done: () => boolean): Promise<void> {
  for (let round = 0; round < 400 && !done(); round++) {
    await host.clock.advance(100);
    for (let turn = 0; turn < 50; turn++) await settle();
  }
  expect(done()).toBe(true);
}

describe('a sidecar that asks a training for its metrics', () => {
  it('reports what changes while it runs, with the step', async () => {
    await serve([
      'loss 0\nepoch 0\n',
      'loss 0.5\nepoch 1\n',
      'loss 0.5\nepoch 1\n',
      'loss 0.25\nepoch 2\naccuracy{split="val"} 0.8\n',
      'loss NaN\nepoch 3\naccuracy{split="val"} 0.8\n',
    ]);
    const ended = start(['loss', 'accuracy{split="val"}']);
    await passUntil(() => sink.observations.length === 4);
    host.end();
    await ended;
    expect(sink.observations).toMatchObject([
      { metric: 'loss', value: 0.5, step: 1 },
      { metric: 'loss', value: 0.25, step: 2 },
      { metric: 'accuracy{split="val"}', value: 0.8, step: 2 },
      { metric: 'loss', value: NaN, step: 3 },
    ]);
    expect(sink.finished).toMatchObject([
      { found: { loss: 3, 'accuracy{split="val"}': 1 }, notNumbers: {}, problems: [] },
    ]);
    expect(sink.finished[0]?.unanswered).toBeUndefined();
  });

  it('asks once more at the end', async () => {
    await serve(['loss 1\n', 'loss 2\n']);
    const ended = start(['loss']);
    await passUntil(() => sink.values().length === 1);
    host.end();
    await ended;
    expect(sink.values()).toEqual([1, 2]);
  });

  it('goes on behind what it reported when it is started over', async () => {
    await serve(['loss 1\n']);
    host.end();
    await start(['loss']);
    await host.clock.advance(1_000);
    await start(['loss']);
    const [first = NaN, second = NaN] = sink.observations.map(({ sequence }) => sequence);
    expect(second).toBeGreaterThan(first);
    expect(sink.calls).not.toContain('discard');
  });

  it('takes the time that the training gives, in seconds where that is OpenMetrics', async () => {
    await serve(['loss 1 1700000000.5\n# EOF\n'], { type: 'application/openmetrics-text; version=1.0.0' });
    host.end();
    await start(['loss']);
    expect(sink.observations).toMatchObject([{ value: 1, timeMs: 1_700_000_000_500 }]);
  });

  it('does not choose between several series of one name, and names them', async () => {
    await serve(['process_cpu_seconds_total 3\nloss{split="train"} 1\nloss{split="val"} 2\n']);
    host.end();
    await start(['loss']);
    expect(sink.values()).toEqual([]);
    expect(sink.finished).toMatchObject([
      {
        otherNames: { 'loss{split="train"}': 1, 'loss{split="val"}': 1 },
        problems: ['"loss" may be any of 2 series: loss{split="train"}, loss{split="val"}'],
      },
    ]);
  });

  it('sends headers, and trusts the certificate of a pod', async () => {
    await serve(['loss 1\n'], { tls: true });
    host.end();
    await start(['loss'], { headers: [{ name: 'Authorization', value: 'Bearer x' }] });
    expect(sink.values()).toEqual([1]);
    expect(training.requests[0]?.headers).toMatchObject({ authorization: 'Bearer x' });
  });

  it('reads as much of an endless answer as is reasonable', async () => {
    await serve([`loss 1\n${`other{label="${'x'.repeat(50)}"} 2\n`.repeat(100_000)}late 3\n`]);
    host.end();
    await start(['loss', 'late']);
    expect(sink.values()).toEqual([1]);
    expect(sink.values('late')).toEqual([]);
    expect(sink.finished[0]?.problems).toEqual([
      'answered with more than 4194304 bytes; the rest is left out',
    ]);
  });

  it.each<[string, string, object, string]>([
    ['another path', 'nothing here', { status: 404 }, 'answered 404 Not Found'],
    ['a page', '<html>', { type: 'text/html' }, `not a line of Prometheus' text format: "<html>"`],
  ])('tells of %s', async (_, text, head, problem) => {
    await serve([text], head);
    host.end();
    await start(['loss']);
    expect(sink.finished).toMatchObject([{ read: 0, problems: [problem] }]);
    expect(sink.finished[0]?.unanswered).toBeUndefined();
  });
});

describe('a training that does not answer', () => {
  it('is told with every address that was tried', async () => {
    await serve(['loss 1\n']);
    const address = new URL(training.url);
    training.close();
    host.addresses = (asked) => [{ address }, { address: asked, refusal: 'another program listens there' }];
    const ended = start(['loss'], { url: 'http://127.0.0.1:8080/metrics' });
    await passUntil(() => host.clock.now() > Date.UTC(2026, 0, 1, 0, 0, 3));
    host.end();
    await ended;
    expect(sink.finished).toMatchObject([
      {
        read: 0,
        problems: [],
        unanswered: `${address.href}: connect ECONNREFUSED 127.0.0.1:${address.port}; http://127.0.0.1:8080/metrics: another program listens there`,
      },
    ]);
  });

  it('is found at the second address', async () => {
    await serve(['loss 1\n']);
    const closed = await new Training([]).listen();
    const url = closed.url;
    closed.close();
    host.addresses = (asked) => [{ address: new URL(url) }, { address: asked }];
    host.end();
    await start(['loss']);
    expect(sink.values()).toEqual([1]);
  });

  it('is not waited for for ever', async () => {
    await serve([]);
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/metrics`;
    host.end();
    let isOver = false;
    const ended = start(['loss'], { url }).then(() => (isOver = true));
    await passUntil(() => isOver);
    await ended;
    expect(sink.finished).toMatchObject([{ unanswered: `${url}: no answer within 5 s` }]);
    silent.close();
    silent.closeAllConnections();
  });

  it('any more is a problem, unless it has ended', async () => {
    await serve(['loss 1\n']);
    const ended = start(['loss']);
    await passUntil(() => sink.values().length === 1);
    training.close();
    await passUntil(() => host.clock.now() > Date.UTC(2026, 0, 1, 0, 0, 10));
    host.end();
    await ended;
    expect(sink.finished[0]?.problems[0]).toMatch(/^did not answer any more \(\d+ times\): .*ECONNREFUSED/);
    expect(sink.finished[0]?.unanswered).toBeUndefined();
  });

  it('does not hold up an end that cannot wait', async () => {
    await serve(['loss 1\n']);
    const ended = start(['loss']);
    await settle();
    host.kill();
    await expect(ended).rejects.toThrow('It was ended before everything was reported.');
    expect(host.clock.pending).toBe(0);
  });
});
