import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tailFile } from '../../../metrics-collector/file-tail/file-tail.ts';

describe('tailFile', () => {
  let directory: string;
  let path: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'file-tail-'));
    path = join(directory, 'metrics.log');
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  /** Runs one action before each round of the poll; what was read in all, and the problems. */
  async function tail(...actions: (() => void)[]): Promise<{ text: string; problems: string[] }> {
    const problems: string[] = [];
    const poll = {
      next: () => {
        const action = actions.shift();
        action?.();
        return Promise.resolve(action !== undefined);
      },
    };
    const chunks: Uint8Array[] = [];
    for await (const chunk of tailFile(path, poll, (problem) => problems.push(problem)))
      chunks.push(Buffer.from(chunk));
    return { text: Buffer.concat(chunks).toString(), problems };
  }

  it('reads what is appended', async () => {
    const { text, problems } = await tail(
      () => undefined,
      () => writeFileSync(path, 'a'),
      () => appendFileSync(path, 'b\n'),
      () => undefined,
      () => appendFileSync(path, 'c'),
    );
    expect({ text, problems }).toEqual({ text: 'ab\nc', problems: [] });
  });

  it('reads files larger than one read', async () => {
    const long = 'x'.repeat(200_000);
    expect((await tail(() => writeFileSync(path, long))).text).toBe(long);
  });

  it('reads the rest of a file that was replaced, then the new one', async () => {
    const { text } = await tail(
      () => writeFileSync(path, 'old 1\n'),
      () => {
        appendFileSync(path, 'old 2');
        renameSync(path, `${path}.1`);
        writeFileSync(path, 'new 1\n');
      },
      () => appendFileSync(path, 'new 2\n'),
    );
    expect(text).toBe('old 1\nold 2\nnew 1\nnew 2\n');
  });

  it('keeps reading a file that was moved away until a new one is there', async () => {
    const { text } = await tail(
      () => writeFileSync(path, 'old 1\n'),
      () => renameSync(path, `${path}.1`),
      () => appendFileSync(`${path}.1`, 'old 2\n'),
      () => writeFileSync(path, 'new\n'),
    );
    expect(text).toBe('old 1\nold 2\nnew\n');
  });

  it('begins again when the file was cut short', async () => {
    const { text } = await tail(
      () => writeFileSync(path, 'a long first line'),
      () => {
        truncateSync(path);
        appendFileSync(path, 'again\n');
      },
    );
    expect(text).toBe('a long first line\nagain\n');
  });

  const nothing = (): void => undefined;

  /** As Python's RotatingFileHandler does it: `.1` becomes `.2`, the log becomes `.1`. */
  function moveAway(keep = 9): void {
    for (let number = keep; number > 1; number--) {
      if (existsSync(`${path}.${number - 1}`)) renameSync(`${path}.${number - 1}`, `${path}.${number}`);
    }
    renameSync(path, `${path}.1`);
  }

  /** As logrotate does it with `copytruncate`. */
  function copyAndTruncate(copy: string): void {
    copyFileSync(path, copy);
    truncateSync(path);
  }

  it('loses nothing when the file was moved several times between two looks', async () => {
    const { text } = await tail(
      () => writeFileSync(path, 'one\n'),
      () => {
        appendFileSync(path, 'two\n');
        for (const line of ['three', 'four', 'five']) {
          moveAway();
          writeFileSync(path, `${line}\n`);
        }
      },
      () => moveAway(),
      () => writeFileSync(path, 'six\n'),
    );
    expect(text).toBe('one\ntwo\nthree\nfour\nfive\nsix\n');
  });

  it('loses nothing of files that are dropped once they were read', async () => {
    const { text } = await tail(
      () => writeFileSync(path, '1\n'),
      ...Array.from({ length: 12 }, (_, at) => () => {
        moveAway(2);
        writeFileSync(path, `${at + 2}\n`);
      }),
    );
    expect(text).toBe(Array.from({ length: 13 }, (_, at) => `${at + 1}\n`).join(''));
  });

  it('reads what a writer adds to a file that was moved away, also after the new one has come', async () => {
    let descriptor = 0;
    const { text } = await tail(
      () => writeSync((descriptor = openSync(path, 'a')), 'old 1\n'),
      () => {
        moveAway();
        writeFileSync(path, 'new 1\n');
      },
      () => writeSync(descriptor, 'old 2\n'),
      () => appendFileSync(path, 'new 2\n'),
    );
    closeSync(descriptor);
    expect(text).toBe('old 1\nnew 1\nold 2\nnew 2\n');
  });

  it('waits for the rest of a line in a file that was moved away', async () => {
    const { text } = await tail(
      () => writeFileSync(path, 'lo'),
      () => {
        moveAway();
        writeFileSync(path, 'new\n');
      },
      nothing,
      () => appendFileSync(`${path}.1`, 'ss=1\n'),
    );
    expect(text).toBe('loss=1\nnew\n');
  });

  it('reads from the copy what was written before the truncation, and nothing twice', async () => {
    const { text } = await tail(
      () => writeFileSync(path, 'one\ntw'),
      () => {
        appendFileSync(path, 'o\nthree\n');
        copyAndTruncate(`${path}-20260131`);
        appendFileSync(path, 'four\n');
      },
      nothing,
      () => appendFileSync(path, 'five\n'),
      () => copyAndTruncate(`${path}-20260131.1`),
      () => appendFileSync(path, 'six\n'),
      nothing,
    );
    expect(text).toBe('one\ntwo\nthree\nfour\nfive\nsix\n');
  });

  it('notices a truncation also where the file has become longer again since', async () => {
    const lines = (name: string, count: number): string =>
      Array.from({ length: count }, (_, at) => `${name} ${at}\n`).join('');
    const { text } = await tail(
      () => writeFileSync(path, lines('a', 50)),
      () => {
        copyAndTruncate(`${path}.1`);
        appendFileSync(path, lines('b', 200));
        renameSync(`${path}.1`, `${path}.2`);
        copyAndTruncate(`${path}.1`);
        appendFileSync(path, lines('c', 300));
      },
    );
    expect(text).toBe(lines('a', 50) + lines('b', 200) + lines('c', 300));
  });

  it('passes over the zeros that a writer leaves who goes on where it was', async () => {
    let descriptor = 0;
    const { text } = await tail(
      () => writeSync((descriptor = openSync(path, 'w')), 'one\ntwo\n'),
      () => {
        truncateSync(path);
        writeSync(descriptor, 'three\n');
      },
    );
    closeSync(descriptor);
    expect(statSync(path).size).toBe('one\ntwo\nthree\n'.length);
    expect(text).toBe('one\ntwo\nthree\n');
  });

  it('does not repeat a file that is written anew with the same lines and one more, whenever it looks', async () => {
    const { text } = await tail(
      () => writeFileSync(path, 'one\ntwo\n'),
      () => writeFileSync(path, 'one\ntwo\nthree\n'),
      () => writeFileSync(path, 'one\n'),
      () => writeFileSync(path, 'one\ntwo\nthree\nfour\n'),
    );
    expect(text).toBe('one\ntwo\nthree\nfour\n');
  });

  it('reads every line once and in order, however a log is rotated and whenever it looks', async () => {
    const step = fc.constantFrom('look', 'append', 'append', 'move', 'copy', 'append and look');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, isMoved) => {
        rmSync(directory, { recursive: true, force: true });
        mkdirSync(directory);
        let lines = 0;
        let copies = 0;
        const write = (): void => appendFileSync(path, `a line with the number ${lines++}\n`);
        const act = (what: string): void => {
          if (what.startsWith('append')) write();
          else if (what === 'look' || !existsSync(path)) return;
          else if (isMoved) moveAway(30);
          else copyAndTruncate(`${path}-2026013100${String(copies++).padStart(2, '0')}`);
        };
        const looks = [[] as string[]];
        for (const one of steps) {
          looks.at(-1)?.push(one);
          if (one.endsWith('look')) looks.push([]);
        }
        const { text } = await tail(nothing, ...looks.map((actions) => () => actions.forEach(act)));
        expect(text).toBe(
          Array.from({ length: lines }, (_, at) => `a line with the number ${at}\n`).join(''),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('leaves alone what lies beside the file from earlier, and what is no log', async () => {
    writeFileSync(`${path}.1`, 'earlier\n');
    const { text } = await tail(
      () => writeFileSync(path, 'one\n'),
      () => {
        moveAway();
        writeFileSync(`${path}.lock`, 'locked\n');
        writeFileSync(`${path}.1.gz`, 'packed\n');
        writeFileSync(path, 'two\n');
      },
    );
    expect(text).toBe('one\ntwo\n');
  });

  it('reads what was moved away before it first looked', async () => {
    const { text } = await tail(nothing, () => {
      writeFileSync(path, 'one\n');
      moveAway();
      writeFileSync(path, 'two\n');
    });
    expect(text).toBe('one\ntwo\n');
  });

  it('tells that the file never appeared', async () => {
    expect(await tail(() => undefined)).toEqual({ text: '', problems: [`${path} never appeared`] });
  });

  it('tells why the file cannot be read', async () => {
    path = directory;
    const { problems } = await tail(() => undefined);
    expect(problems).toEqual([expect.stringContaining('EISDIR')]);
  });
});
