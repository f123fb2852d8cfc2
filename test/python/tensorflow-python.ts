import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installFromDebian, lastLine, pythonThatRuns } from './find-python.ts';
import type { Python } from './python.ts';

const REQUIREMENTS = new URL('tensorflow-requirements.txt', import.meta.url).pathname;
const INTERPRETERS = ['python3', 'python3.13', 'python3.12', 'python3.11', '/usr/bin/python3'];
/** The versions for which the packages of the requirements exist, and whether an environment can be made. */
const FITS = `import ensurepip, venv
assert (3, 11) <= sys.version_info[:2] <= (3, 13)
assert sys.platform == "linux" and __import__("platform").machine() == "x86_64"`;

/** A Python environment with TensorFlow, made once and kept in `cacheDir`. */
export function tensorFlowPython(cacheDir: string): Python {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      missing: `TensorFlow is installed for Linux on x86-64 only; this is ${process.platform} on ${process.arch}`,
    };
  }
  const interpreter = findInterpreter();
  if (typeof interpreter !== 'string') return interpreter;
  const directory = join(cacheDir, `python-${fingerprint(interpreter)}`);
  const failure = existsSync(directory) ? null : createEnvironment(interpreter, directory);
  return failure ?? { bin: join(directory, 'bin') };
}

function findInterpreter(): string | { missing: string } {
  const present = pythonThatRuns(INTERPRETERS, FITS);
  if (present !== null) return present;
  const failure = installFromDebian(['python3', 'python3-venv']);
  const installed = failure === null ? pythonThatRuns(INTERPRETERS, FITS) : null;
  return (
    installed ?? {
      missing: `no Python 3.11 to 3.13 with venv and pip${failure === null ? '' : `, and ${failure}`}`,
    }
  );
}

/** Differs where an environment made before would not fit. */
function fingerprint(interpreter: string): string {
  const hash = createHash('sha256').update(readFileSync(REQUIREMENTS)).update(interpreter);
  return hash.digest('hex').slice(0, 12);
}

/** Two runs may do this at once: each makes its own, and the first to be ready gives the directory its name. */
function createEnvironment(interpreter: string, directory: string): { missing: string } | null {
  console.log(`Installing TensorFlow into ${directory} (once; about 300 MB to load) …`);
  const draft = `${directory}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const failure = install(interpreter, draft);
    if (failure !== null) return { missing: failure };
    if (!existsSync(directory)) renameSync(draft, directory);
    return null;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function install(interpreter: string, draft: string): string | null {
  const venv = spawnSync(interpreter, ['-m', 'venv', draft], { encoding: 'utf8' });
  if (venv.status !== 0) return `${interpreter} -m venv failed: ${lastLine(venv.stderr)}`;
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--retries=2',
    '-r',
    REQUIREMENTS,
  ];
  const pip = spawnSync(join(draft, 'bin/python'), args, { encoding: 'utf8' });
  return pip.status === 0 ? null : `pip could not install TensorFlow: ${lastLine(pip.stderr)}`;
}
