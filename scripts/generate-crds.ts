/*
 * Writes deploy/crds/ from the schemas in core/. With --check nothing is written, and the exit status is 1 where a
 * file is not what it should be.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { resourceDefinitions } from '../core/crd/resource-definition.ts';

const FOLDER = new URL('../deploy/crds/', import.meta.url);
const HEADER = '# Generated from the schemas in core/ by "npm run generate". Do not edit.\n';

function read(file: URL): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

const checkOnly = process.argv.includes('--check');
const stale: string[] = [];
mkdirSync(FOLDER, { recursive: true });
for (const [name, definition] of Object.entries(resourceDefinitions())) {
  const file = new URL(`${name}.yaml`, FOLDER);
  const text = HEADER + stringify(definition, { lineWidth: 0, aliasDuplicateObjects: false });
  if (read(file) === text) continue;
  if (checkOnly) stale.push(fileURLToPath(file));
  else writeFileSync(file, text);
}
if (stale.length > 0) {
  console.error(`Out of date: ${stale.join(', ')}. Run "npm run generate".`);
  process.exitCode = 1;
}
