import type { Container } from '../../core/pod.ts';

/** A word that is quoted as a whole, or after its `--name=`. */
const QUOTED = /^([^"'\s=]+=)?(?:"([^"]*)"|'([^']*)')$/;

/**
 * Takes the quotes away that a shell would take away. Katib puts the command of a training whose metrics it collects into a
 * shell without quoting it again, and experiments are written for that: `--network="${trialParameters.network}"`. Here no shell
 * comes in between. A command that is a shell itself keeps its quotes. Changes the container.
 */
export function removeShellQuotes(container: Container): void {
  if (isShell(container.command ?? [])) return;
  if (container.command) container.command = container.command.map(unquoted);
  if (container.args) container.args = container.args.map(unquoted);
}

function isShell([program = '']: readonly string[]): boolean {
  return /(^|\/)(ba|da|z|k)?sh$/.test(program);
}

function unquoted(word: string): string {
  return word.replace(QUOTED, (_, flag = '', double = '', single = '') => `${flag}${double}${single}`);
}
