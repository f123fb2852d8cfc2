import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { Python } from './python.ts';
import { tensorFlowPython } from './tensorflow-python.ts';
import { torchPython } from './torch-python.ts';

/** Before the tests: installs what they need, outside the checkout, and says what is missing. */
export default function prepare(project: TestProject): void {
  const cacheDir = join(cacheHome(), 'katydid');
  mkdirSync(cacheDir, { recursive: true });
  project.provide('tensorFlow', told('TensorFlow', tensorFlowPython(cacheDir)));
  project.provide('torch', told('PyTorch', torchPython(cacheDir)));
}

function cacheHome(): string {
  const { KATYDID_TEST_CACHE, XDG_CACHE_HOME } = process.env;
  return [KATYDID_TEST_CACHE, XDG_CACHE_HOME].find(Boolean) ?? join(homedir(), '.cache');
}

function told(framework: string, python: Python): Python {
  if ('missing' in python) console.log(`The examples with ${framework} are skipped: ${python.missing}.`);
  return python;
}
