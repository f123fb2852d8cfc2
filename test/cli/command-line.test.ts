import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { suggestedCommand, whereOptions } from '../../cli/command-line.ts';

describe('a suggested command', () => {
  it('begins as this user begins commands', () => {
    expect(suggestedCommand(['get', 'trials'], {})).toBe('katydid get trials');
    expect(suggestedCommand(['get', 'trials'], { npm_command: 'exec' })).toBe('npx katydid get trials');
  });

  it('can be pasted into a shell', () => {
    expect(suggestedCommand(['run', 'my file.yaml', "it's", '$HOME', '--timeout=1h', '/a/b-c_d.e'], {})).toBe(
      `katydid run 'my file.yaml' 'it'\\''s' '$HOME' --timeout=1h /a/b-c_d.e`,
    );
  });
});

describe('a later command finds the results', () => {
  it.each([
    ['.katydid', 'default', {}, []],
    [resolve('.katydid'), 'default', {}, []],
    ['data', 'default', {}, ['--data-dir', 'data']],
    ['data', 'default', { KATYDID_DATA_DIR: './data' }, []],
    ['.katydid', 'team', {}, ['--namespace', 'team']],
    ['data', 'team', {}, ['--namespace', 'team', '--data-dir', 'data']],
  ])('in %s and namespace %s with %j by %j', (dataDir, namespace, env, options) => {
    expect(whereOptions(dataDir, namespace, env)).toEqual(options);
  });
});
