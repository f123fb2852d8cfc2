/**
 * Columns aligned by spaces, as kubectl prints them. Cells are text, of which line breaks and tabs become spaces; an
 * empty table is its header alone. Trailing spaces are left out.
 */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows].map((cells) => header.map((_, column) => oneLine(cells[column] ?? '')));
  const widths = header.map((_, column) =>
    lines.reduce((widest, cells) => Math.max(widest, cells[column]?.length ?? 0), 0),
  );
  return lines
    .map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   '))
    .map((line) => line.trimEnd())
    .join('\n');
}

function oneLine(cell: string): string {
  return cell.replace(/\s*[\r\n\t]\s*/g, ' ');
}
