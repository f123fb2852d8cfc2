import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  killPrograms,
  runJob,
  runProgram,
  trainAlone,
  type ProgramEnd,
  type ReplicaName,
} from './replicas.ts';

const CLASSIFY = fileURLToPath(new URL('../../../examples/digits/classify.ts', import.meta.url));
const METRICS_LINE = /^epoch=(\d+) accuracy=(0\.\d{4}|1\.0000) loss=(\d+\.\d{4})$/;
const SEED_SHAPE: ReplicaName[] = ['chief 0', 'ps 0', 'worker 0', 'worker 1'];

const directory = mkdtempSync(join(tmpdir(), 'digits-'));
afterAll(() => {
  killPrograms();
  rmSync(directory, { recursive: true });
});

function metricsOf(lines: readonly string[]): { epoch: number; accuracy: number; loss: number }[] {
  return lines.map((line) => {
    const [, epoch, accuracy, loss] = METRICS_LINE.exec(line) ?? [];
    return { epoch: Number(epoch), accuracy: Number(accuracy), loss: Number(loss) };
  });
}

function expectMessages(
  ends: Partial<Record<ReplicaName, ProgramEnd>>,
  says: Partial<Record<ReplicaName, RegExp>>,
): void {
  const stderr = Object.entries(ends).map(([name, end]) => [name, end.stderr.join('\n')]);
  expect(Object.fromEntries(stderr)).toMatchObject(
    Object.fromEntries(Object.entries(says).map(([name, message]) => [name, expect.stringMatching(message)])),
  );
}

describe('a distributed training', () => {
  it('prints metrics of every epoch, learns, ends all replicas with 0 and exports what it judged', async () => {
    const exportDir = join(directory, 'export');
    const ends = await runJob({
      replicas: SEED_SHAPE,
      flags: ['--epochs=4', '--hidden-units=32'],
      environment: { exportDir },
    });

    expect(Object.values(ends).map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      SEED_SHAPE.map(() => ({ exitCode: 0, stderr: [] })),
    );
    const metrics = metricsOf(ends['chief 0']?.stdout ?? []);
    expect(metrics.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
    const last = metrics.at(-1);
    expect(last?.accuracy).toBeGreaterThan(0.85);
    // Two workers, 23 batches of 32 images each, 4 epochs.
    expect(ends['ps 0']?.stdout).toEqual(['ps 0 has applied 184 gradients']);

    const { stdout } = await runProgram([CLASSIFY, exportDir]);
    expect(stdout.join('\n')).toContain(
      `accuracy ${last?.accuracy.toFixed(4)}, loss ${last?.loss.toFixed(4)}`,
    );
  });

  it('spreads the parameters over several parameter servers', async () => {
    const replicas: ReplicaName[] = ['chief 0', 'ps 0', 'ps 1', 'worker 0'];
    const flags = ['--epochs=2', '--hidden-units=32'];
    const [ends, alone] = await Promise.all([runJob({ replicas, flags }), trainAlone(flags)]);
    // One worker computes exactly what a single process computes, wherever the parameters are.
    expect(ends['chief 0']?.stdout).toEqual(alone.stdout);
    expect(ends['ps 1']?.stdout).toEqual(['ps 1 has applied 90 gradients']);
  });

  it.each<{ victim: ReplicaName; says: Partial<Record<ReplicaName, RegExp>> }>([
    { victim: 'worker 1', says: { 'chief 0': /^Worker 1 is gone before the training ended\.$/ } },
    { victim: 'ps 0', says: { 'chief 0': /^Lost ps 0 at 127\.0\.0\.1:\d+: / } },
    {
      victim: 'chief 0',
      says: {
        'ps 0': /^The chief is gone before the training ended\.$/,
        'worker 0': /^Lost (the chief|ps 0) at 127\.0\.0\.1:\d+: /,
      },
    },
  ])('ends everywhere when $victim is killed, and says why', async ({ victim, says }) => {
    const ends = await runJob({ replicas: SEED_SHAPE, flags: ['--epochs=1000'], victim });
    const survivors = Object.entries(ends).filter(([name]) => name !== victim);
    expect(survivors.map(([, { exitCode }]) => exitCode)).toEqual([1, 1, 1]);
    expectMessages(ends, says);
  });

  it.concurrent.each<{ absent: ReplicaName; says: Partial<Record<ReplicaName, RegExp>> }>([
    { absent: 'worker 1', says: { 'chief 0': /^Did not start within 2 s: worker 1\.$/ } },
    {
      absent: 'chief 0',
      says: {
        'ps 0': /^The chief did not start within 2 s\.$/,
        'worker 0': /^the chief at 127\.0\.0\.1:\d+ did not start within 2 s: connect ECONNREFUSED/,
      },
    },
  ])('gives up when $absent never starts, and says so', async ({ absent, says }) => {
    const ends = await runJob({ replicas: SEED_SHAPE, flags: ['--join-timeout-seconds=2'], absent });
    expect(Object.values(ends).map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expectMessages(ends, says);
  });
});

describe('a training in one process', () => {
  it('gives the same metrics every time', async () => {
    const flags = ['--epochs=2', '--optimizer=momentum', '--learning-rate=0.05'];
    const [first, second] = await Promise.all([trainAlone(flags), trainAlone(flags)]);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toHaveLength(2);
    expect(second.stdout).toEqual(first.stdout);
  });

  it('goes on from its checkpoint, and prints the metrics of that again', async () => {
    const environment = { modelDir: join(directory, 'continued') };
    const before = await trainAlone(['--epochs=2'], environment);
    const after = await trainAlone(['--epochs=3'], environment);
    expect(metricsOf(after.stdout).map(({ epoch }) => epoch)).toEqual([2, 3]);
    expect(after.stdout[0]).toBe(before.stdout[1]);
  });

  it('starts anew where the checkpoint is of a training with other hyperparameters', async () => {
    const environment = { modelDir: join(directory, 'restarted') };
    await trainAlone(['--epochs=2'], environment);
    const other = await trainAlone(['--epochs=1', '--learning-rate=0.02'], environment);
    expect(metricsOf(other.stdout).map(({ epoch }) => epoch)).toEqual([1]);
  });

  it('says in one line what is wrong with a flag', async () => {
    const end = await trainAlone(['--batch-size=2.5']);
    expect(end).toEqual({ exitCode: 1, stdout: [], stderr: ['--batch-size=2.5 is not a whole number.'] });
  });
});
