const WORD = /[\p{L}\p{N}_]/u;

/**
 * Whether a name that is found at `at` goes on to the left, so that it is another one: `val/loss`, `val.loss`, `val-loss`
 * and `val_loss` are not `loss`. A point alone (`... loss`) does not count.
 */
export function continuesToTheLeft(line: string, at: number): boolean {
  if (at === 0) return false;
  const before = line[at - 1] ?? '';
  if (before === ' ' || before === '\t') return false;
  if (before === '-' || before === '/') return true;
  if (before === '.') return at > 1 && isWord(line, at - 2);
  return isWord(line, at - 1);
}

/** Whether the character that ends at `at` is a letter, digit or underscore. */
function isWord(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  if (code < 0x80) return isAsciiWord(code);
  const isLowSurrogate = code >= 0xdc00 && code <= 0xdfff;
  return WORD.test(isLowSurrogate ? line.slice(Math.max(0, at - 1), at + 1) : (line[at] ?? ''));
}

function isAsciiWord(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 48 && code <= 57) || code === 95 || (lower >= 97 && lower <= 122);
}
