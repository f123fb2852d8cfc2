import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { katydid, startKatydid, temporaryFolder, type Finished, type Started } from '../support/command.ts';
import { shellExperiment } from '../support/shell-experiment.ts';

const TRIALS = 20;
const PARALLEL = 4;
const VALUES = [1, 2, 3, 4, 5, 6, 7, 8];
/** Each training takes about two seconds, and its job may take eight, also on a computer that is busy. */
const SCRIPT = 'for STEP in $(seq 8); do echo "loss=$STEP"; sleep 0.25; done; echo "$KATIB_TRIAL_NAME" >> ';
const DEADLINE_SECONDS = 8;
/** For how long the service is stopped. */
const STOPPED_MS = Number(process.env['KATYDID_TEST_STOPPED_MS'] ?? 8_000);
const HOUR_MS = 3_600_000;

/** Debian's `libfaketime`, which can set the clock of one process. */
const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

interface Experiment {
  spec: { trialTemplate: { trialSpec: { spec: { activeDeadlineSeconds?: number } } } };
}

/** One run of the experiment, in which something is done to the service. */
class Run implements Disposable {
  readonly #folder = temporaryFolder();
  readonly #dataDir = join(this.#folder.path, 'data');
  readonly #ledger = join(this.#folder.path, 'ledger');
  readonly #started: Started;

  constructor(env: NodeJS.ProcessEnv = {}) {
    const text = shellExperiment({
      name: 'time',
      trials: TRIALS,
      parallel: PARALLEL,
      script: SCRIPT + this.#ledger,
    });
    const experiment = parse(text) as Experiment;
    experiment.spec.trialTemplate.trialSpec.spec.activeDeadlineSeconds = DEADLINE_SECONDS;
    const file = join(this.#folder.path, 'experiment.yaml');
    writeFileSync(file, stringify(experiment));
    this.#started = startKatydid(['run', file, '--data-dir', this.#dataDir, '-o', 'json'], { env });
  }

  get pid(): number {
    return this.#started.process.pid ?? 0;
  }

  get ledger(): string[] {
    return existsSync(this.#ledger) ? readFileSync(this.#ledger, 'utf8').trim().split('\n') : [];
  }

  /** Waits until so many trainings have ended, and then until new ones are in the middle. */
  async inTheMiddle(ended: number): Promise<void> {
    while (this.ledger.length < ended) await delay(50);
    await delay(1_000);
  }

  async follow(): Promise<string[]> {
    const { rest } = JSON.parse(readFileSync(join(this.#dataDir, 'server.json'), 'utf8')) as { rest: string };
    const token = readFileSync(join(this.#dataDir, 'token'), 'utf8').trim();
    const response = await fetch(`${rest}/api/v1/watch`, { headers: { authorization: `Bearer ${token}` } });
    const received: string[] = [];
    void (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) received.push(decoder.decode(chunk as Uint8Array));
    })().catch(() => undefined);
    return received;
  }

  /** Waits for the end: every trial has succeeded, ran once, and has each value once. */
  async expectNothingLost(): Promise<Finished> {
    const run = await this.#started.finished;
    expect(run.code, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      status: 'Succeeded',
      trials: { total: TRIALS, succeeded: TRIALS, failed: 0, metricsUnavailable: 0 },
    });
    const names = Array.from({ length: TRIALS }, (_, index) => `time-${index}`);
    expect(this.ledger.toSorted(), 'each training ran once').toEqual(names.toSorted());
    const exported = await katydid([
      ...'export time --what curves -o ndjson --data-dir'.split(' '),
      this.#dataDir,
    ]);
    const curves = exported.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { trial: string; value: number });
    for (const name of names)
      expect(curves.filter(({ trial }) => trial === name).map(({ value }) => value)).toEqual(VALUES);
    return run;
  }

  /** Start and completion of each trial. */
  async times(): Promise<{ startMs: number; endMs: number }[]> {
    const { stdout } = await katydid(['get', 'trials', '--data-dir', this.#dataDir, '-o', 'json']);
    const { items } = JSON.parse(stdout) as {
      items: { status: { startTime: string; completionTime: string } }[];
    };
    return items.map(({ status }) => ({
      startMs: Date.parse(status.startTime),
      endMs: Date.parse(status.completionTime),
    }));
  }

  [Symbol.dispose](): void {
    this.#started.process.kill('SIGKILL');
    this.#folder[Symbol.dispose]();
  }
}

describe(`a service that is stopped for ${STOPPED_MS / 1_000} s`, () => {
  it('goes on: no trial is lost, run twice or timed out, and clients that watch hear the rest', async () => {
    using run = new Run();
    await run.inTheMiddle(1);
    const received = await run.follow();
    process.kill(run.pid, 'SIGSTOP');
    await delay(STOPPED_MS);
    const before = received.length;
    process.kill(run.pid, 'SIGCONT');
    await run.expectNothingLost();
    const after = received.slice(before).join('');
    expect(after).toContain(`"time-${TRIALS - 1}"`);
    expect(after).toContain('Succeeded');
  });
});

describe.skipIf(!existsSync(FAKETIME))('a clock that is set while trials run', () => {
  it.each([
    ['forward', '+1h', HOUR_MS],
    ['back', '-1h', -HOUR_MS],
  ])(
    '%s by an hour loses no trial, times none out, and ends none before it began',
    async (_, offset, offsetMs) => {
      using folder = temporaryFolder();
      const setting = join(folder.path, 'faketime');
      writeFileSync(setting, '+0\n');
      using run = new Run({
        LD_PRELOAD: FAKETIME,
        FAKETIME_TIMESTAMP_FILE: setting,
        FAKETIME_CACHE_DURATION: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        DONT_FAKE_MONOTONIC: '1',
      });
      await run.inTheMiddle(1);
      writeFileSync(setting, `${offset}\n`);
      await run.expectNothingLost();
      const times = await run.times();
      expect(times).toHaveLength(TRIALS);
      for (const { startMs, endMs } of times) expect(endMs).toBeGreaterThanOrEqual(startMs);
      const apartMs = (times.at(-1)?.startMs ?? 0) - (times[0]?.startMs ?? 0);
      expect(Math.abs(apartMs - offsetMs), 'the clock was set').toBeLessThan(HOUR_MS / 2);
    },
  );
});
