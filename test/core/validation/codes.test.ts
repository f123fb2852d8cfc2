import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SPEC_CODES } from '../../../core/validation/codes.ts';

const documentation = readFileSync(new URL('../../../docs/error-codes.md', import.meta.url), 'utf8');

it.each(Object.keys(SPEC_CODES))('%s is explained in docs/error-codes.md', (code) => {
  expect(documentation).toContain(`\`${code}\``);
});

it('docs/error-codes.md explains no code that does not exist', () => {
  const explained = documentation.match(/`SPEC_[A-Z_]+`/g) ?? [];
  const known = new Set(Object.keys(SPEC_CODES).map((code) => `\`${code}\``));
  expect(explained.filter((code) => !known.has(code))).toEqual([]);
});
