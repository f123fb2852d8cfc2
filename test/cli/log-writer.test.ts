import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLogWriter, type LogWriter } from '../../cli/log-writer.ts';
import { temporaryFolder } from '../support/command.ts';

/** A writer to `file` on a disk that takes `room.bytes` more. */
function limitedWriter(file: string, room: { bytes: number }): LogWriter {
  return openLogWriter(file, (descriptor, bytes) => {
    const part = bytes.subarray(0, room.bytes);
    if (part.length === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    room.bytes -= part.length;
    return writeSync(descriptor, part);
  });
}

it('what a full disk does not take of the log is written when there is room, in order', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'katydid.log');
  const room = { bytes: 8 };
  const writer = limitedWriter(file, room);
  for (const line of ['first\n', 'second\n', 'third\n']) writer.write(line);
  writer.flush();
  expect(readFileSync(file, 'utf8')).toBe('first\nse');
  room.bytes = 1_000;
  writer.write('fourth\n');
  expect(readFileSync(file, 'utf8')).toBe('first\nsecond\nthird\nfourth\n');
});

it('a log that waits too long for room loses its newest lines, and says how many', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'katydid.log');
  const room = { bytes: 0 };
  const writer = limitedWriter(file, room);
  for (let line = 0; line < 1_500; line++) writer.write(`${'x'.repeat(1_023)}\n`);
  room.bytes = Infinity;
  writer.flush();
  writer.write('after\n');
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1_024 + 2);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 40, lines: 1_500 - 1_024 });
});
