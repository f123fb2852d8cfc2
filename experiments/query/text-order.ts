const COLLATOR = new Intl.Collator('en', { numeric: true });

/** As people order names: `trial-2` before `trial-10`. Zero for equal texts only. */
export function compareText(left: string, right: string): number {
  return COLLATOR.compare(left, right) || (left < right ? -1 : left > right ? 1 : 0);
}
