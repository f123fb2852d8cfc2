const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Up to `below` seconds a duration is told in `unit`s, with the rest in `part`s where that is not 0. */
const STEPS: readonly { below: number; unit: [number, string]; part?: [number, string] }[] = [
  { below: 2 * MINUTE, unit: [1, 's'] },
  { below: 10 * MINUTE, unit: [MINUTE, 'm'], part: [1, 's'] },
  { below: 3 * HOUR, unit: [MINUTE, 'm'] },
  { below: 8 * HOUR, unit: [HOUR, 'h'], part: [MINUTE, 'm'] },
  { below: 2 * DAY, unit: [HOUR, 'h'] },
  { below: 8 * DAY, unit: [DAY, 'd'], part: [HOUR, 'h'] },
  { below: 2 * YEAR, unit: [DAY, 'd'] },
  { below: 8 * YEAR, unit: [YEAR, 'y'], part: [DAY, 'd'] },
  { below: Number.POSITIVE_INFINITY, unit: [YEAR, 'y'] },
];

/** A duration the way kubectl shows ages: `42s`, `5m30s`, `3h`, `2d4h`. Negative ones, of clocks that differ, are `0s`. */
export function humanDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const step = STEPS.find(({ below }) => seconds < below);
  if (!step) return '<unknown>';
  const [size, symbol] = step.unit;
  const whole = `${Math.floor(seconds / size)}${symbol}`;
  if (!step.part) return whole;
  const [partSize, partSymbol] = step.part;
  const rest = Math.floor((seconds % size) / partSize);
  return rest === 0 ? whole : `${whole}${rest}${partSymbol}`;
}
