import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../core/logger.ts';
import type { SidecarArguments } from '../../metrics-collector/sidecar-arguments.ts';
import { runSidecar } from '../../metrics-collector/sidecar.ts';
import { settle } from '../support/fake-clock.ts';
import { eventFile, type TestEvent } from '../support/tf-event-writer.ts';
import { FakeHost } from './fake-host.ts';
import { RecordingSink } from './recording-sink.ts';

const ARGUMENTS: SidecarArguments = {
  trialName: 'random-0',
  trialUid: 'uid-0',
  kind: 'StdOut',
  metrics: ['loss', 'accuracy'],
  container: 'training',
  path: null,
  format: 'TEXT',
  filters: [],
  primaryPodLabels: [],
};

let host: FakeHost;
let sink: RecordingSink;

function start(changes: Partial<SidecarArguments> = {}): Promise<void> {
  return runSidecar({ ...ARGUMENTS, ...changes }, host, sink, silentLogger);
}

/** Lets half-second rounds pass, with time for the file system in between, until `done` holds. */
async function roundsUntil(done: () => boolean): Promise<void> {
  for (let round = 0; round < 200 && !done(); round++) {
    await host.clock.advance(500);
    for (let turn = 0; turn < 20; turn++) await settle();
  }
  expect(done()).toBe(true);
}

beforeEach(() => {
  host = new FakeHost();
  sink = new RecordingSink();
});

describe('a sidecar that reads the output', () => {
  it('reports while the training runs, and once at the end what it saw', async () => {
    const ended = start();
    host.write('epoch=1 loss=0.5\nepoch=2 lo');
    await host.clock.advance(500);
    expect(sink.values()).toEqual([0.5]);
    host.write('ss=0.25\naccuracy: 0.9');
    await host.clock.advance(500);
    expect(sink.values()).toEqual([0.5, 0.25]);
    host.end();
    await ended;
    expect(sink.values('accuracy')).toEqual([0.9]);
    expect(sink.finished).toEqual([
      { read: 3, found: { loss: 2, accuracy: 1 }, otherNames: { epoch: 2 }, notNumbers: {}, problems: [] },
    ]);
  });

  it('numbers what it finds, and gives it the time of reading where the line has none', async () => {
    const ended = start();
    const startMs = host.clock.now();
    await host.clock.advance(700);
    host.write('loss=1 accuracy=2\n2026-03-04T05:06:07Z loss=3\n');
    host.end();
    await ended;
    expect(sink.observations).toEqual([
      { metric: 'loss', value: 1, step: null, timeMs: startMs + 700, sequence: 0 },
      { metric: 'accuracy', value: 2, step: null, timeMs: startMs + 700, sequence: 1 },
      { metric: 'loss', value: 3, step: null, timeMs: Date.UTC(2026, 2, 4, 5, 6, 7), sequence: 2 },
    ]);
  });

  it('reads JSON', async () => {
    host.write('{"loss": 0.5, "step": 3}\nnoise\n');
    host.end();
    await start({ format: 'JSON' });
    expect(sink.observations).toMatchObject([{ metric: 'loss', value: 0.5, step: 3 }]);
    expect(sink.finished).toMatchObject([{ problems: ['not a JSON object on one line: "noise"'] }]);
  });

  it('loses nothing while the sink is away', async () => {
    sink.refusals = 5;
    const ended = start();
    host.write('loss=1\n');
    await host.clock.advance(2_000);
    host.write('loss=2\n');
    host.end();
    await host.clock.advance(60_000);
    await ended;
    expect(sink.values()).toEqual([1, 2]);
    expect(sink.finished).toHaveLength(1);
  });

  it('reports what it has when the output breaks off', async () => {
    const ended = start();
    host.write('loss=1\n');
    host.breakOff(new Error('connection reset'));
    await ended;
    expect(sink.values()).toEqual([1]);
    expect(sink.finished).toMatchObject([
      { problems: ['output of container training broke off: connection reset'] },
    ]);
  });

  it('mentions lines that it had to cut', async () => {
    host.write(`${'x'.repeat(100_000)}\n`);
    host.end();
    await start();
    expect(sink.finished).toMatchObject([{ problems: ['lines cut after 65536 characters: 1'] }]);
  });

  it('ends at once when it is told to, without a report', async () => {
    const ended = start();
    host.write('loss=1\n');
    await settle();
    host.kill();
    await expect(ended).rejects.toThrow('It was ended before everything was reported.');
    expect(sink.finished).toEqual([]);
    expect(host.clock.pending).toBe(0);
  });

  it('ends at once also while the sink is away, and says what the sink said', async () => {
    sink.refusals = Infinity;
    host.write('loss=1\n');
    host.end();
    const ended = start();
    const rejected = expect(ended).rejects.toThrow(/before everything was reported.*store is away/);
    await host.clock.advance(5_000);
    host.kill();
    await rejected;
    expect(sink.finished).toEqual([]);
  });
});

describe('the source of a sidecar', () => {
  it.each([
    { environment: { HOSTNAME: 'pod-0' }, source: 'uid-0 pod-0/training' },
    { environment: { HOSTNAME: 'pod-0', KATYDID_SOURCE: 'tf-worker-0/tf' }, source: 'uid-0 tf-worker-0/tf' },
  ])('is $source in $environment', async ({ environment, source }) => {
    host = new FakeHost({ environment });
    host.end();
    await start();
    expect([...sink.sources]).toEqual([source]);
  });
});

describe('primary labels', () => {
  const primaryPodLabels = [
    { variable: 'ROLE', value: 'master' },
    { variable: 'INDEX', value: '0' },
  ];

  it('let a pod that carries them report', async () => {
    host = new FakeHost({ environment: { HOSTNAME: 'pod-0', ROLE: 'master', INDEX: '0' } });
    host.write('loss=1\n');
    host.end();
    await start({ primaryPodLabels });
    expect(sink.values()).toEqual([1]);
  });

  it.each([{ ROLE: 'worker', INDEX: '0' }, { ROLE: 'master' }, {}])(
    'make a pod with %j report nothing, and stay until the training has ended',
    async (labels) => {
      host = new FakeHost({ environment: { HOSTNAME: 'pod-1', ...labels } });
      host.write('loss=1\n');
      let hasEnded = false;
      const ended = start({ primaryPodLabels }).then(() => {
        hasEnded = true;
      });
      await host.clock.advance(60_000);
      expect(hasEnded).toBe(false);
      host.end();
      await ended;
      expect(sink.calls).toEqual([]);
    },
  );
});

describe('a sidecar that reads files', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sidecar-'));
    mkdirSync(join(directory, 'logs'));
    host = new FakeHost({ directory });
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const file = { kind: 'File', path: '/logs/metrics.log' } as const;
  const events = { kind: 'TensorFlowEvent', path: '/logs' } as const;
  const logPath = (): string => join(directory, 'logs', 'metrics.log');
  const scalar = (step: number, tag: string, simpleValue: number): TestEvent => ({
    wallTimeSeconds: 1_767_225_600 + step,
    step,
    values: [{ tag, simpleValue }],
  });

  it('waits for the file and follows it while it grows', async () => {
    const ended = start(file);
    await host.clock.advance(2_000);
    writeFileSync(logPath(), 'loss=1\nlo');
    await roundsUntil(() => sink.values().length === 1);
    appendFileSync(logPath(), 'ss=2\n');
    await roundsUntil(() => sink.values().length === 2);
    appendFileSync(logPath(), 'loss=3');
    host.end();
    await ended;
    expect(sink.values()).toEqual([1, 2, 3]);
  });

  it('reads a file in JSON', async () => {
    writeFileSync(logPath(), '{"loss": "0.5"}\n{"loss": 0.25}\n');
    host.end();
    await start({ ...file, format: 'JSON' });
    expect(sink.values()).toEqual([0.5, 0.25]);
  });

  it('says so when the file never appeared', async () => {
    host.end();
    await start(file);
    expect(sink.finished).toMatchObject([{ read: 0, problems: [`${logPath()} never appeared`] }]);
  });

  it('says so when the file cannot be read', async () => {
    host.end();
    await start({ ...file, path: '/logs' });
    expect(sink.finished).toMatchObject([{ problems: [expect.stringContaining('EISDIR')] }]);
  });

  it('reads event files in all directories while they grow', async () => {
    const ended = start({ ...events, metrics: ['train/loss', 'accuracy'] });
    mkdirSync(join(directory, 'logs', 'train'));
    const path = join(directory, 'logs', 'train', 'events.out.tfevents.1.host');
    const whole = eventFile([scalar(1, 'loss', 0.9), scalar(2, 'loss', 0.8), scalar(2, 'accuracy', 0.1)]);
    writeFileSync(path, whole.subarray(0, -20));
    await roundsUntil(() => sink.values('train/loss').length === 2);
    appendFileSync(path, whole.subarray(-20));
    mkdirSync(join(directory, 'logs', 'test'));
    writeFileSync(
      join(directory, 'logs', 'test', 'events.out.tfevents.2.host'),
      eventFile([scalar(3, 'loss', 7), scalar(3, 'accuracy', 0.2)]),
    );
    host.end();
    await ended;
    expect(sink.observations.slice(0, 2)).toEqual([
      { metric: 'train/loss', value: 0.9, step: 1, timeMs: 1_767_225_601_000, sequence: 0 },
      { metric: 'train/loss', value: 0.8, step: 2, timeMs: 1_767_225_602_000, sequence: 1 },
    ]);
    // Which of two files is read first depends on when they appear.
    expect(sink.values('accuracy').toSorted()).toEqual([0.1, 0.2]);
    expect(sink.observations.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3]);
    expect(sink.finished).toMatchObject([
      { found: { 'train/loss': 2, accuracy: 2 }, otherNames: { loss: 1 } },
    ]);
  });

  it('begins event files anew after a restart of the sidecar', async () => {
    host.end();
    await start(events);
    expect(sink.calls).toEqual(['discard', 'finish']);
  });

  it.each([
    { name: 'metrics.txt', content: eventFile([]), says: 'no event file (*tfevents*) appeared in /logs' },
    { name: 'a.tfevents', content: eventFile([]).subarray(0, -1), says: 'a.tfevents: ends inside a record' },
    { name: 'a.tfevents', content: new Uint8Array(50), says: 'a.tfevents: damaged record header' },
  ])('tells of $says', async ({ name, content, says }) => {
    writeFileSync(join(directory, 'logs', name), content);
    host.end();
    await start(events);
    expect(sink.finished[0]?.problems).toEqual([says]);
  });
});
