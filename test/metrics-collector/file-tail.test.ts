import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tailFile } from '../../metrics-collector/file-tail.ts';

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
    for await (const chunk of tailFile(path, poll, (problem) => problems.push(problem))) chunks.push(chunk);
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
    expect(text).toBe('old 1\nold 2\n\nnew\n');
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

  it('tells that the file never appeared', async () => {
    expect(await tail(() => undefined)).toEqual({ text: '', problems: [`${path} never appeared`] });
  });

  it('tells why the file cannot be read', async () => {
    path = directory;
    const { problems } = await tail(() => undefined);
    expect(problems).toEqual([expect.stringContaining('EISDIR')]);
  });
});
