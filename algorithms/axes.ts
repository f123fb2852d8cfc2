import type { Parameter } from '../core/search-space.ts';
import { levelCount } from './lattice.ts';
import { coordinateOf } from './unit-coordinates.ts';

/** A parameter that has something to choose, as models see it. */
export type Axis =
  | { readonly kind: 'line'; readonly parameter: Parameter; readonly place: number }
  | {
      readonly kind: 'category';
      readonly parameter: Parameter;
      readonly place: number;
      readonly choices: number;
    };

/** The axes of a space. A parameter with a single value is none. */
export function axesOf(parameters: readonly Parameter[]): Axis[] {
  return parameters.flatMap((parameter, place): Axis[] => {
    const count = levelCount(parameter);
    if (count === 1) return [];
    if (parameter.kind === 'categorical') return [{ kind: 'category', parameter, place, choices: count }];
    return [{ kind: 'line', parameter, place }];
  });
}

/** Where a value lies on its axis: in [0, 1], or the number of the category. */
export function positionOf(axis: Axis, value: number): number {
  return axis.kind === 'category' ? value : coordinateOf(axis.parameter, value);
}
