import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFromDebian, pythonThatRuns } from './find-python.ts';
import type { Python } from './python.ts';

const INTERPRETERS = ['python3', '/usr/bin/python3'];
const HAS_TORCH = `import torch.distributed
assert torch.distributed.is_available()`;

/**
 * A Python with PyTorch: one that is there already, or Debian's. PyPI's package for Linux on x86-64 is not taken, because
 * it comes with 3 GB of GPU libraries and does not load without them; Debian's is 150 MB with all that it needs.
 */
export function torchPython(cacheDir: string): Python {
  const present = pythonThatRuns(INTERPRETERS, HAS_TORCH);
  if (present !== null) return { bin: directoryFor(present, cacheDir) };
  const failure = installFromDebian(['python3-torch']);
  const installed = failure === null ? pythonThatRuns(INTERPRETERS, HAS_TORCH) : null;
  if (installed !== null) return { bin: directoryFor(installed, cacheDir) };
  return { missing: `no python3 that can import torch${failure === null ? '' : `, and ${failure}`}` };
}

/** A directory that makes the interpreter `python`: Debian's is called `python3` alone. */
function directoryFor(interpreter: string, cacheDir: string): string {
  const bin = join(cacheDir, 'torch-bin');
  mkdirSync(bin, { recursive: true });
  const script = join(bin, 'python');
  writeFileSync(script, `#!/bin/sh\nexec '${interpreter}' "$@"\n`);
  chmodSync(script, 0o755);
  return bin;
}
