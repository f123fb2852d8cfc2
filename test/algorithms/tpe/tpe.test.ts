import { describe, expect, it } from 'vitest';
import { multivariateTpeSearch, tpeSearch } from '../../../algorithms/tpe/tpe.ts';
import type { Point } from '../../../core/search-space.ts';
import { informedSearchContract, loss, search } from '../../contract/informed-search.ts';

describe.each([tpeSearch, multivariateTpeSearch])('$name', (algorithm) => {
  informedSearchContract(algorithm);

  it.each([
    ['a factor', (value: number) => value * 1e12],
    ['a sum', (value: number) => value + 1e6],
    ['a logarithm', (value: number) => Math.log(value)],
  ])('cares for the order of results only: %s changes nothing', (_, changed) => {
    const objective = (point: Point): number => changed(Math.round(loss(point) * 1e6) / 1e6);
    const plain = (point: Point): number => Math.round(loss(point) * 1e6) / 1e6;
    expect(search({ algorithm, objective })).toEqual(search({ algorithm, objective: plain }));
  });
});
