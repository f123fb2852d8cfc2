import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../../core/failure-codes/trial-codes.ts';
import { SPEC_CODES } from '../../core/validation/codes.ts';
import { DATABASE_ERROR } from '../../db/database-error.ts';
import { LOCAL_CODES } from '../../core/failure-codes/local-codes.ts';
import { ROOT } from '../support/command.ts';

const FOLDERS =
  'algorithms,api,cli,controller,core,db,experiments,http,kube,local,metrics-collector,operators,sqlite,suggestion';

/** Where a code stands in the source: as an error's first argument, in an issue, or as a name of one of the families. */
const MENTIONS = [
  /\b(?:KatydidError|invalid|refusal|localError|databaseError|specIssue|super)\(\s*'([A-Z][A-Z0-9_]+)'/g,
  /\bcode: '([A-Z][A-Z0-9_]+)'/g,
  /'((?:SPEC|LOCAL|TRIAL|METRICS|STORE|DB|ASK_TELL|DATA_DIR|DISK|QUERY|REST)_[A-Z0-9_]+)'/g,
];

function codesOfSource(): Set<string> {
  const files = globSync(`{${FOLDERS}}/**/*.ts`, { cwd: ROOT });
  const mentioned = files.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    return MENTIONS.flatMap((pattern) => Array.from(text.matchAll(pattern), ([, code = '']) => code));
  });
  const listed = [SPEC_CODES, LOCAL_CODES, FAILURE_CODES].flatMap((table) => Object.keys(table));
  return new Set([...mentioned, ...listed, ...Object.values(DATABASE_ERROR)]);
}

/** Codes that have a row of their own. */
function codesOfDocumentation(): string[] {
  const text = readFileSync(path.join(ROOT, 'docs/error-codes.md'), 'utf8');
  const rows = Array.from(text.matchAll(/^\| `([A-Z][A-Z0-9_]+)` /gm), ([, code = '']) => code);
  return [...rows, 'SPEC_INVALID'];
}

describe('docs/error-codes.md', () => {
  const documented = codesOfDocumentation();
  const used = codesOfSource();

  it('explains every code that the source uses', () => {
    expect([...used].filter((code) => !documented.includes(code))).toEqual([]);
  });

  it('explains no code that does not exist any more', () => {
    expect(documented.filter((code) => !used.has(code))).toEqual([]);
  });

  it('explains each code once', () => {
    expect(documented.filter((code, at) => documented.indexOf(code) !== at)).toEqual([]);
  });

  it('has found the codes at all', () => {
    expect(used).toContain('NO_RESULT_YET');
    expect(used).toContain('ASK_TELL_ALREADY_TOLD');
    expect(used.size).toBeGreaterThan(100);
  });
});
