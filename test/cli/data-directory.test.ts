import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { dataDirectory, lockDataDirectory } from '../../cli/data-directory.ts';
import { temporaryFolder } from '../support/command.ts';

const MODULE = fileURLToPath(new URL('../../cli/data-directory.ts', import.meta.url));

/** Another process that holds the lock until it is killed. */
async function holder(path: string): Promise<ChildProcess> {
  const script = `
    import { dataDirectory, lockDataDirectory } from ${JSON.stringify(MODULE)};
    await lockDataDirectory(dataDirectory(${JSON.stringify(path)}));
    console.log('locked');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const holders: ChildProcess[] = [];
afterEach(() => Promise.all(holders.splice(0).map(kill)));

describe('the lock of a data directory', () => {
  it('makes the directory and names its holder', async () => {
    using folder = temporaryFolder();
    const directory = dataDirectory(join(folder.path, 'new', 'deeper'));
    const lock = await lockDataDirectory(directory);
    expect(readFileSync(join(directory.path, 'lock.pid'), 'utf8')).toBe(`${process.pid}\n`);
    lock.release();
    (await lockDataDirectory(directory)).release();
  });

  it('keeps another process out, by pid, until that one is gone, however it went', async () => {
    using folder = temporaryFolder();
    const directory = dataDirectory(folder.path);
    const other = await holder(folder.path);
    await expect(lockDataDirectory(directory)).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      message: expect.stringContaining(`pid ${other.pid}`) as string,
    });
    await kill(other);
    (await lockDataDirectory(directory)).release();
  });

  it('cannot be had where there is a file instead', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    await expect(lockDataDirectory(dataDirectory(file))).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
  });
});
