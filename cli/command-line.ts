import { resolve } from 'node:path';
import { DEFAULT_DATA_DIR } from './data-directory.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A command for a message, as this user would type it. Arguments that a shell would change are quoted. */
export function suggestedCommand(args: readonly string[], env: Environment = process.env): string {
  // npm sets this for `npx katydid` and for scripts, where the bare name is not on the user's path.
  const program = env['npm_command'] === undefined ? ['katydid'] : ['npx', 'katydid'];
  return [...program, ...args.map(shellQuoted)].join(' ');
}

/** The options with which a later command finds what lies in this data directory and namespace. */
export function whereOptions(dataDir: string, namespace: string, env: Environment = process.env): string[] {
  const isUsual = resolve(dataDir) === resolve(env['KATYDID_DATA_DIR'] ?? DEFAULT_DATA_DIR);
  return [
    ...(namespace === 'default' ? [] : ['--namespace', namespace]),
    ...(isUsual ? [] : ['--data-dir', dataDir]),
  ];
}

function shellQuoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
