/**
 * Columns aligned by spaces, as kubectl prints them. Cells are text; an empty table is its header alone. Trailing
 * spaces are left out.
 */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => (cells[column] ?? '').padEnd(width))
      .join('   ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}
