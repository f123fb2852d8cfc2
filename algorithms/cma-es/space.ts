import type { Parameter, Point } from '../../core/search-space.ts';
import { axesOf } from '../axes.ts';
import { levelCount, levelOf, levelValue } from '../lattice.ts';
import { cellOf, coordinateOf, valueAt } from '../unit-coordinates.ts';

/** A parameter that the normal distribution adapts, on its axis from 0 to 1. */
export interface LineAxis {
  readonly parameter: Parameter;
  /** Among the parameters of the space. */
  readonly place: number;
  /** It takes numbered values only, each of which owns a cell of the axis. */
  readonly isLattice: boolean;
}

/** A parameter whose values have probabilities of their own. */
export interface ChoiceAxis {
  readonly parameter: Parameter;
  readonly place: number;
  readonly choices: number;
}

/** A space as this search sees it. */
export interface CmaSpace {
  readonly parameters: readonly Parameter[];
  readonly lines: readonly LineAxis[];
  readonly choices: readonly ChoiceAxis[];
  /** The lines with cells and the choices: the parameters that can get stuck at a value. */
  readonly discreteCount: number;
}

/** A point of the space on its axes. */
export interface Place {
  /** Of each line the coordinate of the value, the middle of its cell where it has one. */
  readonly line: Float64Array;
  /** Of each choice the number of the value. */
  readonly choice: Int32Array;
}

/** Of two values neither lies between others: numbers of which there are two are choices like categories. */
export function cmaSpace(parameters: readonly Parameter[]): CmaSpace {
  const axes = axesOf(parameters).map(({ parameter, place, kind }) => {
    const count = levelCount(parameter);
    return { parameter, place, count, isChoice: kind === 'category' || count === 2 };
  });
  const lines = axes
    .filter(({ isChoice }) => !isChoice)
    .map(({ parameter, place, count }) => ({ parameter, place, isLattice: count !== Infinity }));
  const choices = axes
    .filter(({ isChoice }) => isChoice)
    .map(({ parameter, place, count }) => ({ parameter, place, choices: count }));
  const discreteCount = choices.length + lines.filter(({ isLattice }) => isLattice).length;
  return { parameters, lines, choices, discreteCount };
}

/** Where a point lies; null where one of its numbers is not a value of its parameter. */
export function placeOf({ lines, choices }: CmaSpace, point: Point): Place | null {
  const line = Float64Array.from(lines, ({ parameter, place }) =>
    coordinateOf(parameter, point[place] ?? Number.NaN),
  );
  const choice = Int32Array.from(
    choices,
    ({ parameter, place }) => levelOf(parameter, point[place] ?? Number.NaN) ?? -1,
  );
  return line.every(Number.isFinite) && choice.every((level) => level >= 0) ? { line, choice } : null;
}

/** The point at a place whose lines may lie outside of [0, 1] and anywhere in their cells. */
export function pointAtPlace({ parameters, lines, choices }: CmaSpace, { line, choice }: Place): Point {
  const point = Float64Array.from(parameters, (parameter) => levelValue(parameter, 0));
  lines.forEach(({ parameter, place }, number) => {
    point[place] = valueAt(parameter, inUnit(line[number] ?? 0));
  });
  choices.forEach(({ parameter, place }, number) => {
    point[place] = levelValue(parameter, choice[number] ?? 0);
  });
  return point;
}

/** A cell of an axis. The first and the last one have no outer end: what lies beyond is theirs as well. */
export interface Cell {
  readonly low: number;
  readonly high: number;
  /** The coordinate of the value. */
  readonly centre: number;
}

/** The cell in which a coordinate of an axis with cells lies. */
export function cellAt({ parameter }: LineAxis, coordinate: number): Cell {
  const value = valueAt(parameter, inUnit(coordinate));
  const [low, high] = cellOf(parameter, value) ?? [0, 1];
  return {
    low: low <= 0 ? -Infinity : low,
    high: high >= 1 ? Infinity : high,
    centre: coordinateOf(parameter, value),
  };
}

export function inUnit(coordinate: number): number {
  return Math.min(1, Math.max(0, coordinate));
}
