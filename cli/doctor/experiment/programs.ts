import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { LaunchPlan } from '../../../local/kubelet/launch-plan.ts';
import { programCalls, type ProgramCall } from './program-calls.ts';
import { pythonImports } from './python-imports.ts';

/** A program call, with what is known of its files. */
export interface Program extends ProgramCall {
  /** The interpreter is here. */
  readonly isFound: boolean;
  /** Absolute; null where the script is not known beforehand. */
  readonly scriptFile: string | null;
  /** The script is neither here nor to be expected in a volume. */
  readonly isScriptMissing: boolean;
  /** Modules besides the program's own that it imports at its start. */
  readonly imports: readonly string[];
}

const MAX_SCRIPT_BYTES = 2 ** 20;

/** The programs of a plan. `ownDirectory` is the pod's: what is missing there may be made when the pod runs. */
export function programsOf({ file, args, env, cwd }: LaunchPlan, ownDirectory: string): Program[] {
  return programCalls([file, ...args]).map((call) => {
    const scriptFile = call.script === null ? null : resolve(cwd, call.script);
    return {
      ...call,
      isFound: isProgram(call.interpreter[0] ?? '', cwd, env['PATH'] ?? ''),
      scriptFile,
      isScriptMissing: scriptFile !== null && isMissing(scriptFile, ownDirectory, call),
      imports: call.language === 'python' ? importsOf(call, scriptFile, cwd) : [],
    };
  });
}

function isProgram(name: string, cwd: string, searchPath: string): boolean {
  if (name.includes('/')) return isExecutable(resolve(cwd, name));
  return searchPath.split(delimiter).some((directory) => isExecutable(resolve(cwd, directory, name)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** In a shell's script a word may be anything; only what looks like a file is taken for one. */
function isMissing(file: string, ownDirectory: string, { isInShellScript }: ProgramCall): boolean {
  if (existsSync(file) || file.startsWith(`${ownDirectory}/`)) return false;
  return !isInShellScript || /\.(?:py|sh|[cm]?[jt]s)$/.test(file);
}

function importsOf({ code, module }: ProgramCall, scriptFile: string | null, cwd: string): string[] {
  const folder = scriptFile === null ? cwd : dirname(scriptFile);
  const all = [
    ...(module === null ? [] : [module.split('.')[0] ?? module]),
    ...pythonImports(code ?? readScript(scriptFile)),
  ];
  return all.filter((name) => !existsSync(join(folder, `${name}.py`)) && !existsSync(join(folder, name)));
}

function readScript(file: string | null): string {
  if (file === null) return '';
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() && stats.size <= MAX_SCRIPT_BYTES ? readFileSync(file, 'utf8') : '';
}
