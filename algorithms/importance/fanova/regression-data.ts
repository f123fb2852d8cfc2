import type { Axis } from '../../axes.ts';
import { cellOf, coordinateOf } from '../../unit-coordinates.ts';
import type { TrialResults } from '../trial-results.ts';

/** The values of an axis that trials have, numbered from 0 in ascending order; categories by their own number. */
export type Levels =
  | {
      readonly kind: 'line';
      readonly count: number;
      /** The ends of each level on the axis, in [0, 1]; the same for a continuous parameter. */
      readonly lows: Float64Array;
      readonly highs: Float64Array;
    }
  | { readonly kind: 'category'; readonly count: number };

/** What trees learn from. */
export interface RegressionData {
  /** For each axis. */
  readonly levels: readonly Levels[];
  /** For each axis, the level of each trial. */
  readonly columns: readonly Uint32Array[];
  /** For each trial, from 0 to 1. */
  readonly values: Float64Array;
}

/** The results with positions as levels and losses between 0 and 1. At least two losses must differ. */
export function regressionData({ axes, columns, losses }: TrialResults): RegressionData {
  const read = axes.map((axis, number) => readColumn(axis, columns[number] ?? new Float64Array(0)));
  return {
    levels: read.map(({ levels }) => levels),
    columns: read.map(({ column }) => column),
    values: scaled(losses),
  };
}

function readColumn(axis: Axis, values: Float64Array): { levels: Levels; column: Uint32Array } {
  if (axis.kind === 'category')
    return { levels: { kind: 'category', count: axis.choices }, column: Uint32Array.from(values) };
  const { parameter } = axis;
  const positions = values.map((value) => coordinateOf(parameter, value));
  // Two values may have one position: then nothing can tell them apart.
  const numbers = new Map<number, number>();
  const [lows, highs]: [number[], number[]] = [[], []];
  const byPosition = Uint32Array.from(values, (_, row) => row).sort(
    (left, right) => (positions[left] ?? 0) - (positions[right] ?? 0),
  );
  for (const row of byPosition) {
    const position = positions[row] ?? 0;
    if (numbers.has(position)) continue;
    numbers.set(position, numbers.size);
    const [low, high] = cellOf(parameter, values[row] ?? 0) ?? [position, position];
    lows.push(low);
    highs.push(high);
  }
  const levels = { count: numbers.size, lows: Float64Array.from(lows), highs: Float64Array.from(highs) };
  return {
    levels: { kind: 'line', ...levels },
    column: Uint32Array.from(positions, (position) => numbers.get(position) ?? 0),
  };
}

/** Halves keep the range of very great numbers finite. */
function scaled(losses: Float64Array): Float64Array {
  const [least, greatest] = losses.reduce(
    ([low, high], loss) => [Math.min(low, loss), Math.max(high, loss)] as const,
    [Infinity, -Infinity] as readonly [number, number],
  );
  const range = greatest / 2 - least / 2;
  return losses.map((loss) => (loss / 2 - least / 2) / range);
}
