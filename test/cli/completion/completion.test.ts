import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELLS, type Shell } from '../../../cli/completion/scripts.ts';
import { ROOT } from '../../support/command.ts';
import { command, resultsFixture, type ResultsFixture } from '../results-fixture.ts';

let results: ResultsFixture;
let elsewhere: string;
beforeAll(async () => {
  results = await resultsFixture();
  elsewhere = mkdtempSync(join(tmpdir(), 'katydid-completion-'));
  mkdirSync(join(elsewhere, 'folder'));
  writeFileSync(join(elsewhere, 'file.yaml'), '');
});
afterAll(async () => {
  await results.remove();
  rmSync(elsewhere, { recursive: true });
});

async function words(...typed: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await command(['__complete', '--', ...typed]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout === '' ? [] : stdout.split('\n');
}

const here = (): string => results.dataDir;

describe('what is offered', () => {
  it.each<[what: string, typed: () => string[], offered: string[]]>([
    ['commands', () => ['de'], ['describe', 'delete']],
    ['choices of an argument', () => ['get', 'tr'], ['trials', 'trial']],
    ['options', () => ['export', '--w'], ['--what']],
    ['choices of an option', () => ['export', 'exp', '--what', ''], ['trials', 'curves']],
    ['choices of an option after a sign', () => ['best', '--output=j'], ['--output=json']],
    ['choices of a short option', () => ['best', '-o', 'c'], ['csv']],
    ['files', () => ['run', ''], [':files']],
    ['files after files', () => ['run', 'a.yaml', 'b'], [':files']],
    ['files for an option', () => ['run', '--config', ''], [':files']],
    ['directories', () => ['serve', '--data-dir', ''], [':directories']],
    ['experiments', () => ['best', '--data-dir', here(), ''], ['exp']],
    ['trials', () => ['logs', `--data-dir=${here()}`, 'exp-1'], ['exp-1', 'exp-10']],
    [
      'experiments and trials',
      () => ['describe', '--data-dir', here(), ''],
      ['exp', 'exp-0', 'exp-1', 'exp-2', 'exp-10'],
    ],
    ['trials after their kind', () => ['get', '--data-dir', here(), 'trials', 'exp-2'], ['exp-2']],
    ['the experiment of an option', () => ['get', '--data-dir', here(), 'trials', '-e', ''], ['exp']],
    ['nothing for a value that nobody can know', () => ['run', '--cpu-slots', ''], []],
    ['nothing where nothing has run', () => ['best', '--data-dir', elsewhere, ''], []],
    ['nothing after the last argument', () => ['best', 'exp', ''], []],
    ['nothing after an unknown command', () => ['frobnicate', 'x', '--unk'], []],
  ])('is %s', async (_, typed, offered) => expect(await words(...typed())).toEqual(offered));

  it('is every command but the hidden one', async () => {
    const all = await words('');
    expect(all).toContain('completion');
    expect(all).not.toContain('__complete');
    expect((await command(['--help'])).stdout).not.toContain('__complete');
  });
});

function hasShell(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0;
}

/** Makes `katydid` the command of this checkout in a script of any of the shells. */
const COMMAND = `katydid() { node "${join(ROOT, 'bin/katydid.js')}" "$@"; }`;

/** How to ask each shell for what it offers when Tab is pressed at the end of a line. It is printed, one a line. */
const TAB: Record<Shell, (line: string) => string> = {
  bash: (line) => `
    ${COMMAND}
    source <(katydid completion bash)
    COMP_LINE='${line}' COMP_POINT=${line.length}
    IFS=' ' read -r -a COMP_WORDS <<< "$COMP_LINE"
    [[ "$COMP_LINE" == *' ' ]] && COMP_WORDS+=("")
    COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
    _katydid
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  // A terminal of its own, in which a compadd that notes what it is given stands before zsh's.
  zsh: (line) => `
    zmodload zsh/zpty
    offered=$(mktemp)
    zpty tab zsh -f -i
    zpty -w tab '${COMMAND}; autoload -Uz compinit; compinit -u -D; source <(katydid completion zsh)'
    zpty -w tab 'compadd() {
      local -a words
      [[ \${@[1,(i)(-|--)]} == *-(O|A|D)* ]] || { builtin compadd -A words "$@"; print -l -- $words >> '$offered' }
      builtin compadd "$@"
    }'
    zpty -w tab '${line}'$'\\t'
    for look in {1..300}; do [[ -s $offered ]] && break; sleep 0.1; done
    sleep 0.5
    zpty -d tab
    sort -u $offered
    rm $offered`,
  fish: (line) => `
    function katydid; node '${join(ROOT, 'bin/katydid.js')}' $argv; end
    katydid completion fish | source
    complete -C '${line}' | string replace --regex '\\t.*' '' | string trim --right --chars /
    true`,
};

function tab(shell: Shell, line: string): string[] {
  const args = shell === 'zsh' ? ['-f', '-c'] : ['-c'];
  const printed = execFileSync(shell, [...args, TAB[shell](line)], { cwd: elsewhere, encoding: 'utf8' });
  return printed.trim().split('\n');
}

describe.each(SHELLS)('%s, where it is there,', (shell) => {
  it.skipIf(!hasShell(shell)).each([
    ['katydid get exp', ['experiment', 'experiments']],
    ['katydid run f', ['file.yaml', 'folder']],
    ['katydid serve --data-dir f', ['folder']],
  ])('completes %j', (line, offered) => expect(tab(shell, line).toSorted()).toEqual(offered));
});

it.each(SHELLS)('the script for %s is one that the shell understands, where it is there', async (shell) => {
  const { code, stdout } = await command(['completion', shell]);
  expect(code).toBe(0);
  expect(stdout).toContain('__complete --');
  if (!hasShell(shell)) return;
  const script = join(elsewhere, `script.${shell}`);
  writeFileSync(script, stdout);
  const checked = spawnSync(shell, ['-n', script], { encoding: 'utf8' });
  expect(checked.stderr).toBe('');
});

it('another shell is refused with those that there are', async () => {
  const { code, stderr } = await command(['completion', 'csh']);
  expect(code).toBe(2);
  expect(stderr).toContain('bash, zsh, fish');
});
