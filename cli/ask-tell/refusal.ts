import { KatydidError } from '../../core/errors.ts';

/** An error about a message: `message` says what was found, `remedy` what to write instead. */
export function invalid(code: string, message: string, remedy: string): KatydidError {
  return new KatydidError(code, message, { remedy });
}

/** A value as it reads in a message. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
