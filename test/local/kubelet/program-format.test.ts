import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatProblem } from '../../../local/kubelet/program-format.ts';

const folder = mkdtempSync(join(tmpdir(), 'katydid-programs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function elf(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\u007fELF\u0002\u0001\u0001', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}

/** A number that stands for no processor. */
const UNHEARD_OF = 0xfff0;

describe('an executable file', () => {
  it.each<[string, string | Buffer, RegExp | undefined]>([
    ['of a script', '#!/bin/sh\necho\n', undefined],
    ['of a script with an argument for its interpreter', '#! /bin/sh -e\necho\n', undefined],
    ['of commands without a first line', 'echo loss=1\n', undefined],
    ['that is empty', '', undefined],
    [
      'of a script for an interpreter that is not here',
      '#!/opt/conda/bin/python\n',
      /the interpreter \/opt\/conda\/bin\/python, which does not exist here/,
    ],
    ['of a script with line ends of Windows', '#!/bin/sh\r\necho\r\n', /dos2unix/],
    ['of data', Buffer.from([1, 2, 0, 255]), /exec format error/],
    ['for another processor', elf(UNHEARD_OF), /for another processor \(exec format error\)/],
    ['that was cut off', Buffer.from('\u007fELF\u0002'), /beginning of a program/],
  ])('%s', (name, contents, problem) => {
    const file = join(folder, name);
    writeFileSync(file, contents);
    if (problem === undefined) expect(formatProblem(file)).toBeUndefined();
    else expect(formatProblem(file)).toMatch(problem);
  });

  it('of this computer is fine', () => {
    expect(formatProblem(process.execPath)).toBeUndefined();
    expect(formatProblem('/bin/sh')).toBeUndefined();
  });

  it('that cannot be read is left to the system', () => {
    expect(formatProblem(join(folder, 'nothing'))).toBeUndefined();
  });
});
