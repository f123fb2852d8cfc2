#!/usr/bin/env node
// Starts cli/main.ts on a Node that strips types: this one if it is new enough, else the one in node_modules.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 24;
const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const pinnedNode = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

if (Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR) {
  await import(main);
} else if (existsSync(pinnedNode)) {
  // The channel tells the child when this process is gone, however it went (cli/main.ts listens).
  const child = spawn(pinnedNode, [main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // A terminal sends Ctrl-C to both processes; the other signals reach only this one.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  console.error(
    `katydid needs Node ${OLDEST_MAJOR} or newer; this is ${process.version}. Run "npm ci" to get it.`,
  );
  process.exitCode = 1;
}
