import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, startKatydid, temporaryFolder, type Started } from '../support/command.ts';

const HAS_CURL = spawnSync('curl', ['--version']).status === 0;
const TITLE = HAS_CURL ? 'curl alone' : 'curl alone [skipped: there is no curl on this computer]';

/** The commands of docs/rest.md as they stand there, without what they print. */
function documentedCommands(): string[] {
  const page = readFileSync(join(ROOT, 'docs/rest.md'), 'utf8');
  const blocks = Array.from(page.matchAll(/```console\n(.*?)```/gs), ([, block = '']) => block);
  return blocks.flatMap((block) =>
    Array.from(block.matchAll(/^\$ ((?:[^\n\\]|\\\n)*)/gm), ([, command = '']) => command),
  );
}

describe.skipIf(!HAS_CURL)(TITLE, () => {
  const folder = temporaryFolder();
  let serving: Started;
  let environment = '';

  beforeAll(async () => {
    serving = startKatydid(['serve', '--data-dir', folder.path]);
    const ready = new Promise<void>((resolve) => {
      serving.process.stdout?.on('data', (text: string) => {
        environment += text;
        if (environment.includes('KATYDID_TOKEN')) resolve();
      });
    });
    await Promise.race([ready, serving.finished.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
  });
  afterAll(async () => {
    serving.process.kill('SIGTERM');
    const { code, stderr } = await serving.finished;
    folder[Symbol.dispose]();
    expect(code, stderr).toBe(0);
  });

  function shell(command: string): unknown {
    const script = `${environment}\nshopt -s expand_aliases\n${alias()}\n${command}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  }

  function alias(): string {
    return documented('alias api=');
  }

  function documented(part: string): string {
    const found = documentedCommands().find((command) => command.includes(part));
    if (found === undefined) throw new Error(`docs/rest.md has no command with ${part}`);
    return found;
  }

  it('creates an experiment, follows it and reads the best trial, as docs/rest.md says', async () => {
    expect(shell(documented('--data-binary'))).toMatchObject({
      name: 'shell-job',
      status: 'Created',
      maxTrials: 10,
    });
    const follow = documented('/experiments?fields=');
    let items: unknown;
    do {
      await new Promise((resolve) => setTimeout(resolve, 200));
      items = (shell(follow) as { items: unknown }).items;
    } while (!JSON.stringify(items).includes('"Succeeded"'));
    expect(items).toMatchObject([{ name: 'shell-job', trials: { succeeded: 10 } }]);
    const [{ objective }] = items as [{ objective: number }];
    const best = shell(documented('sort=objective&limit=1'));
    expect(best).toMatchObject({ items: [{ objective }], total: 10, totalIsExact: true });
    expect(best).toHaveProperty('items.0.params.x', expect.any(Number));
    const filtered = shell(documented('--data-urlencode')) as { items: { params: { x: number } }[] };
    expect(filtered.items.length).toBeGreaterThan(0);
    expect(filtered.items.every(({ params }) => params.x > 2)).toBe(true);
    expect(shell(documented('-X PATCH'))).toMatchObject({ code: 'REST_PRECONDITION_FAILED' });
  });
});
