/** How many objects both lists begin with: the same ones, not equal ones. */
export function commonStart<T extends object>(a: readonly T[], b: readonly T[]): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a[at] === b[at]) at++;
  return at;
}
