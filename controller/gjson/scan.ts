/** Index of the quote that closes the string opening at `start`, or the text's length. */
export function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at, text.length);
}

/**
 * Where the first of `stops` stands outside of strings, brackets and escapes, looking from `from` on; -1 where there is
 * none. A closing bracket that closes nothing opened since `from` counts as outside.
 */
export function findOutside(text: string, stops: string, from = 0): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (depth === 0 && stops.includes(char)) return at;
    if (char === '\\') at++;
    else if (char === '"') at = endOfString(text, at);
    else if ('[({'.includes(char)) depth++;
    else if ('])}'.includes(char)) depth--;
  }
  return -1;
}

/** `a.b|c` → `['a.b', 'c']`: what still belongs to each element, and what is asked of the whole. */
export function splitAtPipe(path: string): [path: string, pipe: string | undefined] {
  const pipe = findOutside(path, '|');
  return pipe < 0 ? [path, undefined] : [path.slice(0, pipe), path.slice(pipe + 1)];
}
