#!/usr/bin/env node
// Starts the command. A package from the registry brings compiled JavaScript; a checkout has TypeScript, which runs on a
// Node that strips types: this one if it is new enough, else the one in node_modules.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import './small-heap.js';

const OLDEST_FOR_PACKAGE = [22, 12];
const OLDEST_FOR_SOURCES = [24, 0];
const compiled = new URL('../dist/cli/main.js', import.meta.url);
const source = new URL('../cli/main.ts', import.meta.url);
const pinnedNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
const compileCache = fileURLToPath(new URL('../node_modules/.cache/katydid', import.meta.url));

// Each start after the first finds everything compiled: it takes less time and memory. The cache is beside the code and not
// in a directory for temporary files, so that nobody can change it who cannot change the code. Where it cannot be written,
// there is none.
module.enableCompileCache?.(compileCache);

// Sources come first: a checkout must never run what was compiled before the last edit.
if (!existsSync(source)) await startCompiled();
else if (isAtLeast(OLDEST_FOR_SOURCES)) await import(source.href);
else if (existsSync(pinnedNode) && realpathSync(pinnedNode) !== process.execPath) startOn(pinnedNode);
else refuse(OLDEST_FOR_SOURCES, 'Run "npm ci" to get it.');

async function startCompiled() {
  if (isAtLeast(OLDEST_FOR_PACKAGE)) await import(compiled.href);
  else
    refuse(
      OLDEST_FOR_PACKAGE,
      'Install it from https://nodejs.org, or with the version manager that you use.',
    );
}

/** @param {string} node path of the program to run this file with again */
function startOn(node) {
  // The channel tells the child when this process is gone, however it went (cli/main.ts listens).
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A terminal sends Ctrl-C to both processes; the other signals reach only this one.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

/** @param {number[]} oldest major and minor number */
function isAtLeast([major, minor]) {
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** @param {number[]} oldest @param {string} remedy */
function refuse([major, minor], remedy) {
  console.error(`katydid needs Node ${major}.${minor} or newer; this is ${process.version}. ${remedy}`);
  process.exitCode = 1;
}
