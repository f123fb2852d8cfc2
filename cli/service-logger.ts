import { join } from 'node:path';
import { multistream, pino, type Level, type StreamEntry } from 'pino';
import type { LogFields, Logger } from '../core/logger.ts';
import { openLogWriter } from './log-writer.ts';

export interface ServiceLogger {
  logger: Logger;
  /** Everything logged so far is on disk, where that has room. */
  flush(): void;
}

/**
 * JSON lines at `info` and above in `<data-dir>/katydid.log`; with `alsoToStderr` that level and above on stderr too,
 * for people who look for a fault.
 */
export function serviceLogger(dataDirPath: string, alsoToStderr: Level | null): ServiceLogger {
  const file = openLogWriter(join(dataDirPath, 'katydid.log'));
  const streams: StreamEntry[] = [{ level: 'info', stream: file }];
  if (alsoToStderr) streams.push({ level: alsoToStderr, stream: process.stderr });
  const level = alsoToStderr === 'debug' || alsoToStderr === 'trace' ? alsoToStderr : 'info';
  const base = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, multistream(streams));
  return { logger: fromPino(base), flush: () => file.flush() };
}

function fromPino(target: pino.Logger): Logger {
  return {
    debug: (message, fields) => target.debug(plain(fields), message),
    info: (message, fields) => target.info(plain(fields), message),
    warn: (message, fields) => target.warn(plain(fields), message),
    error: (message, fields) => target.error(plain(fields), message),
    with: (fields) => fromPino(target.child(plain(fields))),
  };
}

/** pino knows only `err`: errors under any name keep their message and stack in the log file. */
function plain(fields: LogFields = {}): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      value instanceof Error ? pino.stdSerializers.err(value) : value,
    ]),
  );
}
