import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tailFile } from '../../../metrics-collector/file-tail/file-tail.ts';
import { createHypertune } from '../../katib-examples/stand-ins/hypertune.ts';

/* Files that are written anew with each report and keep the last ones only, as cloudml-hypertune does. */

describe('a file that is written anew with its last lines', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rewritten-file-'));
    path = join(directory, 'metrics.json');
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs one action before each look; the lines that were read. */
  async function tail(actions: readonly (() => void)[]): Promise<string[]> {
    const left = [...actions];
    const poll = {
      next: () => {
        const action = left.shift();
        action?.();
        return Promise.resolve(action !== undefined);
      },
    };
    const chunks: Uint8Array[] = [];
    const problems: string[] = [];
    for await (const chunk of tailFile(path, poll, (problem) => problems.push(problem)))
      chunks.push(Buffer.from(chunk));
    expect(problems).toEqual([]);
    const text = Buffer.concat(chunks).toString();
    expect(text === '' || text.endsWith('\n')).toBe(true);
    return text.split('\n').slice(0, -1);
  }

  const line = (index: number, size = 0): string => `{"loss": ${index}}${' '.repeat(size)}`;
  const lines = (from: number, to: number, size?: number): string[] =>
    Array.from({ length: to - from }, (_, at) => line(from + at, size));
  const write = (written: readonly string[]): void =>
    writeFileSync(path, written.map((one) => `${one}\n`).join(''));
  const replace = (written: readonly string[]): void => {
    writeFileSync(`${path}.tmp`, written.map((one) => `${one}\n`).join(''));
    renameSync(`${path}.tmp`, path);
  };

  it('is read once by cloudml-hypertune’s hundred reports, and more', async () => {
    const hypertune = createHypertune(path);
    let step = 0;
    const report = (count: number) => (): void => {
      for (let at = 0; at < count; at++) hypertune.report('loss', 1 / (step + 1), step++);
    };
    const read = await tail([60, 60, 1, 0, 99, 30, 7, 100].map(report));
    const steps = read.map((one) => Number((JSON.parse(one) as { global_step: string }).global_step));
    expect(steps).toEqual(Array.from({ length: step }, (_, at) => at));
  });

  it.each([
    ['written over', write],
    ['replaced by another', replace],
  ])('is read once when it is %s', async (_, put) => {
    const read = await tail([
      () => put(lines(0, 10)),
      () => put(lines(5, 12)),
      () => put(lines(11, 12)),
      () => put(lines(11, 20)),
      () => put(lines(19, 30)),
    ]);
    expect(read).toEqual(lines(0, 30));
  });

  it('is read once although it is looked at while it is written', async () => {
    const read = await tail([
      () => write(lines(0, 10)),
      () => write([]),
      () => write(lines(3, 5)),
      () => write(lines(3, 8)),
      () => write(lines(3, 13)),
      () => writeFileSync(path, `${lines(6, 8).join('\n')}\n${line(8).slice(0, 5)}`),
      () => undefined,
      () => write(lines(6, 15)),
    ]);
    expect(read).toEqual(lines(0, 15));
  });

  it('is read once although it keeps more than is remembered', async () => {
    const read = await tail([
      () => write(lines(0, 100, 1_000)),
      () => write(lines(20, 120, 1_000)),
      () => write(lines(21, 121, 1_000)),
    ]);
    expect(read).toEqual(lines(0, 121, 1_000));
  });

  it('is read from its beginning where nothing of it is known', async () => {
    const read = await tail([
      () => write(lines(0, 10)),
      () => write(lines(50, 70)),
      () => write(lines(100, 103)),
      () => undefined,
    ]);
    expect(read).toEqual([...lines(0, 10), ...lines(50, 70), ...lines(100, 103)]);
  });

  it('is read once however much it keeps, however it is written, and whenever it is looked at', async () => {
    const look = fc.record({
      reports: fc.nat({ max: 9 }),
      shown: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(look, { maxLength: 20 }), fc.boolean(), async (looks, isReplaced) => {
        rmSync(path, { force: true });
        const KEPT = 10;
        let count = 0;
        const window = (): string =>
          lines(Math.max(0, count - KEPT), count)
            .map((one) => `${one}\n`)
            .join('');
        const actions = looks.map(({ reports, shown }) => () => {
          count += reports;
          if (isReplaced) replace(lines(Math.max(0, count - KEPT), count));
          // Caught in the middle of writing, then done before the next look.
          else
            writeFileSync(
              path,
              shown < 0.5 ? window() : window().slice(0, Math.floor(window().length * shown)),
            );
        });
        const finish = (): void => writeFileSync(path, window());
        const seen = await tail([
          () => write([]),
          ...actions.flatMap((act) => (isReplaced ? [act] : [act, finish])),
          finish,
        ]);
        expect(seen).toEqual(lines(0, count));
      }),
      { numRuns: 150 },
    );
  });
});
