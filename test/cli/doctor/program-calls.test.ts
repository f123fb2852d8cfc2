import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programCalls } from '../../../cli/doctor/experiment/program-calls.ts';
import { pythonImports } from '../../../cli/doctor/experiment/python-imports.ts';
import { shellCommands } from '../../../cli/doctor/experiment/shell-words.ts';

describe('the programs that a command calls', () => {
  it.each<[string[], object[]]>([
    [['python3', 'train.py', '--lr=1'], [{ language: 'python', script: 'train.py' }]],
    [['/usr/bin/python3.11', '-u', '-W', 'ignore', '/a/b.py'], [{ script: '/a/b.py' }]],
    [['python', '-m', 'acme.train', '--x'], [{ module: 'acme.train', script: null }]],
    [['python', '-c', 'import torch'], [{ code: 'import torch' }]],
    [
      ['conda', 'run', '-n', 'tf', 'python', 'x.py'],
      [{ interpreter: ['conda', 'run', '-n', 'tf', 'python'], script: 'x.py' }],
    ],
    [['node', '--import', './hook.js', 'x.ts'], [{ language: 'node', script: 'x.ts' }]],
    [['node', '-e', '1'], [{ language: 'node', script: null, code: '1' }]],
    [['bash', '-e', '-o', 'pipefail', 'run.sh'], [{ language: 'shell', script: 'run.sh' }]],
    [['python', '$SCRIPT'], [{ script: null }]],
    [['./train', '--fast'], []],
    [
      ['bash', '-lc', 'set -e; CUDA=1 exec python3 "my train.py" --lr=$0 | tee log'],
      [{ language: 'shell' }, { language: 'python', script: 'my train.py', isInShellScript: true }],
    ],
    [
      ['sh', '-c', 'cd /app && python train.py'],
      [{ language: 'shell' }, { language: 'python', script: null }],
    ],
    [['sh', '-c', 'echo python train.py # python other.py'], [{ language: 'shell' }]],
    [['sh', '-c', "cat > x.py <<'X'\npython is nice\nX"], [{ language: 'shell' }]],
    [
      ['sh', '-c', 'if true; then\n python a.py\nfi'],
      [{ language: 'shell' }, { script: 'a.py' }],
    ],
  ])('%j', (words, expected) => {
    expect(programCalls(words)).toEqual(expected.map((part) => expect.objectContaining(part) as object));
  });

  it('are found, or not, in any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 6 }), (words) => {
        programCalls(['sh', '-c', ...words]);
        programCalls(words);
      }),
    );
  });
});

describe('the words of a shell script', () => {
  it.each<[string, string[][] | null]>([
    [`a 'b c' "d e"f`, [['a', 'b c', 'd ef']]],
    [`a; b && c || d | e & f`, [['a'], ['b'], ['c'], ['d'], ['e'], ['f']]],
    ['A=1 B="x y" run', [['run']]],
    ['a \\\n b', [['a', 'b']]],
    [`printf "a; b"`, [['printf', 'a; b']]],
    ['', []],
    ['cat << X', null],
  ])('%j', (script, expected) => {
    expect(shellCommands(script)).toEqual(expected);
  });
});

describe('the modules that Python code imports', () => {
  it.each<[string, string[]]>([
    ['import tensorflow as tf', ['tensorflow']],
    ['import os, torch.nn as nn ,numpy', ['numpy', 'os', 'torch']],
    ['from torch.utils.data import DataLoader', ['torch']],
    ['from . import model\nfrom .x import y', []],
    ['try:\n    import torch\nexcept ImportError: pass', []],
    ['from __future__ import annotations', []],
    ['"""\nimport old\n"""\nimport new', ['new']],
    ['import torch; import jax', ['jax', 'torch']],
    ['important = 1\nimportlib = 2', []],
  ])('%j', (code, expected) => {
    expect(pythonImports(code)).toEqual(expected);
  });
});
