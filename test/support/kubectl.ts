import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Finished } from './command.ts';

/** The oldest version that the server promises to get on with. */
const OLDEST_MINOR = 28;

export interface Kubectl {
  /** `kubectl v1.32.4`. */
  readonly version: string;
  readonly program: string;
}

/**
 * The oldest and the newest kubectl of this computer: those in the path, and those that some distributions put beside them
 * as `kubectl.1.28`. Empty where there is none from 1.28 on.
 */
export function findKubectls(): Kubectl[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => kubectlFolders(folder));
  const programs = [...new Set(folders)].flatMap(kubectlsIn);
  const found = new Map<number, Kubectl>();
  for (const program of programs) {
    const { stdout } = spawnSync(program, ['version', '--client'], { encoding: 'utf8' });
    const match = /Client Version: (?<version>v1\.(?<minor>\d+)\S*)/.exec(stdout);
    const minor = Number(match?.groups?.['minor'] ?? 0);
    if (minor >= OLDEST_MINOR && !found.has(minor))
      found.set(minor, { version: `kubectl ${match?.groups?.['version'] ?? ''}`, program });
  }
  const sorted = [...found].sort(([a], [b]) => a - b).map(([, kubectl]) => kubectl);
  return sorted.length <= 2 ? sorted : [sorted[0], sorted.at(-1)].filter((each) => each !== undefined);
}

/** The folder, and the one in which its kubectl really lies. */
function kubectlFolders(folder: string): string[] {
  try {
    return [folder, dirname(realpathSync(join(folder, 'kubectl')))];
  } catch {
    return [];
  }
}

function kubectlsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^kubectl(\.1\.\d+)?$/.test(name));
  return names.map((name) => join(folder, name));
}

/** Runs kubectl to its end; `input` is what `-f -` reads. */
export function runKubectl(
  program: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly input?: string },
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { env: options.env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
    );
    child.stdin?.end(options.input ?? '');
  });
}
