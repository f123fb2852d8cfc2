import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, temporaryFolder } from '../support/command.ts';

const LARGEST_INSTALL_MB = 80;
/** The oldest line of Node that the package promises; npm has it as a package for each platform. */
const OLDEST_NODE = 22;

/** What npm leaves after `npm install` of the packed tarball in an empty folder. */
const folder = temporaryFolder();
const installed = join(folder.path, 'node_modules/katydid');
const katydid = join(folder.path, 'node_modules/.bin/katydid');

beforeAll(() => {
  npm(ROOT, 'pack', '--pack-destination', folder.path);
  const [tarball] = readdirSync(folder.path).filter((name) => name.endsWith('.tgz'));
  npm(folder.path, 'install', '--no-audit', '--no-fund', `./${String(tarball)}`);
}, 300_000);

afterAll(() => {
  folder[Symbol.dispose]();
});

describe('the package', () => {
  it('runs an experiment from an empty folder', () => {
    const example = join(installed, 'examples/shell-job/experiment.yaml');
    const output = installedKatydid('run', example);
    expect(output).toContain('Experiment shell-job: Succeeded');
    expect(installedKatydid('best', 'shell-job')).toContain('loss');
  });

  it(`runs on Node ${OLDEST_NODE}`, () => {
    const platform = `node-${process.platform}-${process.arch}`;
    const nodes = join(folder.path, 'oldest-node');
    mkdirSync(nodes);
    npm(nodes, 'install', '--prefix', nodes, '--no-audit', '--no-fund', `${platform}@${OLDEST_NODE}`);
    const node = join(nodes, 'node_modules', platform, 'bin/node');
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' })).toMatch(/^v22\./);
    const example = join(installed, 'examples/shell-job/experiment.yaml');
    const output = run(node, 'run', example, '--data-dir', join(nodes, 'data'));
    expect(output).toContain('Experiment shell-job: Succeeded');
  });

  it('tells the version that its package.json has', () => {
    expect(installedKatydid('--version').trim()).toBe(manifest()['version']);
  });

  it('keeps compiled code beside itself, and does without where it cannot', () => {
    const cache = join(installed, 'node_modules/.cache');
    expect(readdirSync(join(cache, 'katydid'))).not.toEqual([]);
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'in the way');
    expect(installedKatydid('--version').trim()).toBe(manifest()['version']);
  });

  it(`takes less than ${LARGEST_INSTALL_MB} MB with all that it needs`, () => {
    expect(bytesBelow(join(folder.path, 'node_modules')) / 1e6).toBeLessThan(LARGEST_INSTALL_MB);
  });

  it('has no install script, and no sources that its own Node could not run', () => {
    const scripts = Object.keys(manifest()['scripts'] as object);
    expect(scripts.filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
    expect(existsSync(join(installed, 'cli'))).toBe(false);
  });

  it('leaves no compiled output in the checkout', () => {
    expect(existsSync(join(ROOT, 'dist'))).toBe(false);
  });
});

function npm(cwd: string, ...args: string[]): void {
  execFileSync('npm', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

function installedKatydid(...args: string[]): string {
  return run(process.execPath, ...args);
}

/** What the installed command prints on the given Node. */
function run(node: string, ...args: string[]): string {
  return execFileSync(node, [katydid, ...args], { cwd: folder.path, encoding: 'utf8', stdio: 'pipe' });
}

function manifest(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>;
}

function bytesBelow(path: string): number {
  const entry = lstatSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
}
