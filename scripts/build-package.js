// Compiles what the published package runs into dist/, with a package.json that names version and module type.
// npm runs it before it packs and removes dist/ afterwards, so that a checkout never holds stale output.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const dist = new URL('../dist/', import.meta.url);
const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const project = fileURLToPath(new URL('../tsconfig.build.json', import.meta.url));

rmSync(dist, { recursive: true, force: true });
if (!process.argv.includes('--remove')) {
  const { status } = spawnSync(process.execPath, [compiler, '--project', project], { stdio: 'inherit' });
  const { name, version, type } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  writeFileSync(new URL('package.json', dist), `${JSON.stringify({ name, version, type }, null, 2)}\n`);
  process.exitCode = status ?? 1;
}
