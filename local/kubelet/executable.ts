import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { localError } from '../../core/failure-codes/local-codes.ts';
import { formatProblem } from './program-format.ts';

/** Interpreters that images have in places of their own; here they are looked for in PATH. */
const INTERPRETER = /^(?:python[0-9.]*|node)$/;

/** Who asks, for the message. */
export interface ExecutableContext {
  /** The container, as the message begins. */
  subject: string;
  image: string;
  cwd: string;
  /** The container's PATH. */
  searchPath: string;
}

/**
 * The file that a command's first word means: a path, or a name looked up in PATH. `node` is the service's own;
 * `python` falls back to `python3` as many systems have only that. LOCAL_EXEC_FAILED where there is none, or
 * one that this computer cannot run.
 */
export function findExecutable(command: string, context: ExecutableContext): string {
  const found = candidates(command)
    .map((name) => locate(name, context))
    .find((file) => file !== undefined);
  const { subject, image, cwd, searchPath } = context;
  const problem = found === undefined ? undefined : formatProblem(found);
  if (problem !== undefined)
    throw localError('LOCAL_EXEC_FAILED', `${subject}: ${found} cannot be run: ${problem}.`);
  if (found !== undefined) return found;
  throw localError(
    'LOCAL_EXEC_FAILED',
    `${subject}: "${command}" is not an executable file here (working directory ${cwd}, ` +
      `PATH ${searchPath}). It may exist in the image ${image}, which is not used.`,
  );
}

function candidates(command: string): string[] {
  const name = path.posix.basename(command);
  if (!INTERPRETER.test(name)) return [command];
  return [command, name, ...(name === 'python' ? ['python3'] : [])];
}

function locate(command: string, { cwd, searchPath }: ExecutableContext): string | undefined {
  if (command === 'node') return process.execPath;
  if (command.includes('/')) return executableFile(path.resolve(cwd, command));
  const directories = searchPath.split(path.delimiter);
  return directories.map((directory) => executableFile(path.resolve(cwd, directory, command))).find(Boolean);
}

function executableFile(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
