import { fsyncSync, openSync, writeSync } from 'node:fs';

/** Lines beyond this that wait for room on the disk are dropped, the newest first: the service must not grow by its log. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Appends lines to a file at once. What the file does not take waits for the next line. Nothing throws but the opening. */
export interface LogWriter {
  write(line: string): void;
  /** Tries once more to write what waits, and makes what is written durable. */
  flush(): void;
}

/** `put` writes to the open file and says how many bytes it took; the system's call where absent. */
export function openLogWriter(
  path: string,
  put: (descriptor: number, bytes: Buffer) => number = writeSync,
): LogWriter {
  const descriptor = openSync(path, 'a');
  let waiting = Buffer.alloc(0);
  let dropped = 0;

  const writeWaiting = (): void => {
    try {
      while (waiting.length > 0) waiting = waiting.subarray(put(descriptor, waiting));
    } catch {
      // A full disk, as a rule. Nobody could be told but by this file.
    }
  };
  return {
    write(line) {
      const bytes = Buffer.from(line);
      if (waiting.length + bytes.length > MAX_WAITING_BYTES) dropped++;
      else waiting = waiting.length === 0 ? bytes : Buffer.concat([waiting, bytes]);
      writeWaiting();
      if (waiting.length > 0 || dropped === 0) return;
      waiting = Buffer.from(gapLine(dropped));
      dropped = 0;
      writeWaiting();
    },
    flush() {
      writeWaiting();
      try {
        fsyncSync(descriptor);
      } catch {
        // Not every file can be.
      }
    },
  };
}

/** In the form of the lines around it. */
function gapLine(lines: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 40, time, lines, msg: 'lines of this log are missing: they found no room' })}\n`;
}
