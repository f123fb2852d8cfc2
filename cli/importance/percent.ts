/** A part of one in whole per cent: `71 %`; `<1 %` for less than half of one that is more than nothing. */
export function percent(part: number): string {
  const rounded = Math.round(100 * part);
  return rounded === 0 && part > 0 ? '<1 %' : `${rounded} %`;
}
