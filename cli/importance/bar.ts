const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar as long as the part of `width` columns, to an eighth of a column; nothing for nothing. */
export function bar(part: number, width: number): string {
  const eighths = Math.round(part * width * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
