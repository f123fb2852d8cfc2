/** At most `length` characters of a text; what was left out becomes an ellipsis. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1)).toWellFormed()}…`;
}

/** The first line of a text, cut to `length` characters. */
export function firstLine(text: string, length: number): string {
  return cut(text.split('\n', 1)[0] ?? '', length);
}
