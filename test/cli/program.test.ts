import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/command.ts';
import { command } from './results-fixture.ts';

const EXAMPLE = join(ROOT, 'examples/shell-job/experiment.yaml');
const COMMANDS = [
  'run',
  'serve',
  'validate',
  'preview',
  'get',
  'describe',
  'best',
  'logs',
  'export',
  'ask-tell',
  'doctor',
];

describe('help', () => {
  it('lists the commands, on the data stream', async () => {
    const { code, stdout, stderr } = await command(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });

  it.each(COMMANDS)('of %s has an example', async (name) => {
    const { code, stdout } = await command([name, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\\n.*katydid ${name} `));
  });

  it('names the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await command(['--version'])).toEqual({ code: 0, stdout: version, stderr: '' });
  });
});

it.each<[string[], string]>([
  [[], 'Usage: katydid'],
  [['frobnicate'], "unknown command 'frobnicate'"],
  [['run'], "missing required argument 'file'"],
  [['best'], "missing required argument 'experiment'"],
  [['get', 'pods'], "'pods' is invalid"],
  [['get', '-o', 'xml'], 'Allowed choices are text, json, yaml, name'],
  [['run', '--timeout', '5', EXAMPLE], 'not a duration such as 90s, 10m or 2h'],
  [['run', '--cpu-slots', '0', EXAMPLE], 'not a whole number of at least 1'],
  [['preview', '--count', 'x', EXAMPLE], 'not a whole number of at least 1'],
  [['validate', '--frob', EXAMPLE], "unknown option '--frob'"],
])('%j is refused with 2, on the talk stream', async (args, message) => {
  const { code, stdout, stderr } = await command(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

describe('validate', () => {
  it('accepts files, by name', async () => {
    const { code, stdout, stderr } = await command(['validate', EXAMPLE]);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `${EXAMPLE}: shell-job is valid`,
      stderr: '',
    });
  });

  it('refuses with 2 and every issue, also as data', async () => {
    const missing = join(ROOT, 'missing.yaml');
    const text = await command(['validate', EXAMPLE, missing]);
    expect([text.code, text.stdout]).toEqual([2, '']);
    expect(text.stderr).toBe(`${missing}:1:1: There is no such file. Check the path and its permissions.`);
    const json = await command(['validate', missing, '-o', 'json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      valid: false,
      issues: [{ code: 'SPEC_FILE_UNREADABLE', file: missing, line: 1 }],
    });
  });
});

it.each(['run', 'preview', 'ask-tell'])(
  '%s refuses a bad file with 2 before it does anything',
  async (name) => {
    const { code, stdout, stderr } = await command([name, ROOT]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('This is a directory');
  },
);
