// Marks packages that bring their compiled code along in package-lock.json, so that `npm ci` does not compile them again.
// npm knows this from their `"gypfile": false`, but does not write it down; npm 10 then runs node-gyp, which needs a
// compiler. With `--check`: exit status 1 where a mark is missing (any `npm install` drops it; `npm run lock` sets it).
import { readFileSync, writeFileSync } from 'node:fs';

const PREBUILT = ['better-sqlite3'];
const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const unmarked = PREBUILT.map((name) => lock.packages[`node_modules/${name}`]).filter(
  (entry) => entry.gypfile !== false,
);

if (process.argv.includes('--check')) {
  if (unmarked.length > 0)
    console.error('package-lock.json would make npm compile prebuilt packages: npm run lock');
  process.exitCode = unmarked.length > 0 ? 1 : 0;
} else {
  for (const entry of unmarked) entry.gypfile = false;
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
