import type { LogFields, Logger } from '../../core/logger.ts';

export interface LogLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  message: string;
  fields: LogFields;
}

/** A logger that keeps what it is told. `lines` is shared with every logger made by `with`. */
export function recordingLogger(
  lines: LogLine[] = [],
  scope: LogFields = {},
): Logger & { readonly lines: LogLine[] } {
  const write =
    (level: LogLine['level']) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields: { ...scope, ...fields } });
    };
  return {
    lines,
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (fields) => recordingLogger(lines, { ...scope, ...fields }),
  };
}
