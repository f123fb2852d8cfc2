/** One line of RFC 4180: fields with commas, quotes or line breaks are quoted; null is an empty field. */
export function csvLine(fields: readonly (string | number | null)[]): string {
  return fields.map(csvField).join(',');
}

function csvField(field: string | number | null): string {
  if (field === null) return '';
  const text = String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
