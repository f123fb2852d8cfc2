import { spawnSync } from 'node:child_process';

/** A program's output where it ended with 0; null where it could not be started or failed. */
export function outputOf(command: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** The first of the interpreters that runs a program without an error: the path of its executable, or null. */
export function pythonThatRuns(candidates: readonly string[], program: string): string | null {
  for (const candidate of candidates) {
    const found = outputOf(candidate, ['-c', `import sys\n${program}\nprint(sys.executable)`]);
    if (found !== null) return found.split('\n').at(-1) ?? null;
  }
  return null;
}

/** Installs packages of Debian where this user may. Null when they are installed, otherwise the reason why not. */
export function installFromDebian(packages: readonly string[]): string | null {
  const asked = packages.join(' and ');
  if (process.getuid?.() !== 0) return `only root could install ${asked} with apt-get`;
  if (outputOf('apt-get', ['--version']) === null) return `there is no apt-get to install ${asked} with`;
  console.log(`Installing ${asked} with apt-get …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { env });
  const install = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
    encoding: 'utf8',
  });
  return install.status === 0 ? null : `apt-get could not install ${asked}: ${lastLine(install.stderr)}`;
}

export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
