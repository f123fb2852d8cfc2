import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPoint, parsePoint } from '../../algorithms/point-text.ts';
import { pointAt } from '../../algorithms/unit-coordinates.ts';
import type { Parameter } from '../../core/search-space.ts';
import { anyProblem, categorical, discrete, double, int, problemOf } from './spaces.ts';

describe('points as text', () => {
  it.each<[Parameter, number, string]>([
    [double(0.1, 0.5, { step: 0.1, decimals: 1 }), 0.3, '0.3'],
    [double(0, 1), 0.1, '0.1'],
    [double(0, 1), 1e-7, '1e-7'],
    [double(1, 3), 2, '2'],
    [int(1, 64), 32, '32'],
    [discrete('0.10', '2e1'), 0.1, '0.10'],
    [discrete('0.10', '2e1'), 20, '2e1'],
    [categorical('adam', 'sgd'), 1, 'sgd'],
  ])('write %o at %f as %s', (parameter, value, text) =>
    expect(formatPoint([parameter], Float64Array.of(value))).toEqual([{ name: parameter.name, value: text }]),
  );

  it('read back as the same points, in any order of the assignments', () => {
    fc.assert(
      fc.property(anyProblem, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), ({ parameters }, at) => {
        const point = pointAt(parameters, at);
        const assignments = formatPoint(parameters, point);
        expect(parsePoint(parameters, assignments)).toEqual(point);
        expect(parsePoint(parameters, [...assignments].reverse())).toEqual(point);
      }),
    );
  });

  it.each<[Parameter, string, number]>([
    [int(1, 10), '3.0', 3],
    [int(1, 10), '1e1', 10],
    [double(0.1, 0.5, { step: 0.1, decimals: 1 }), '0.30000000000000004', 0.3],
    [discrete('0.10', '2'), '0.1', 0.1],
    [double(0, 1), '1e-05', 1e-5],
  ])('are read generously: %o takes %s', (parameter, text, value) =>
    expect(parsePoint([parameter], [{ name: parameter.name, value: text }])).toEqual(Float64Array.of(value)),
  );

  it.each<[Parameter, string, string]>([
    [int(1, 10), '3.5', 'Give it a whole number from 1 to 10 in steps of 1 from 1.'],
    [int(1, 10), '11', 'Give it a whole number from 1 to 10 in steps of 1 from 1.'],
    [double(0, 1), '', 'Give it a number from 0 to 1.'],
    [double(0, 1), 'NaN', 'Give it a number from 0 to 1.'],
    [double(0, 1, { step: 0.5, decimals: 1 }), '0.3', 'Give it a number from 0 to 1 in steps of 0.5 from 0.'],
    [discrete('1', '2'), '3', 'Give it one of 1, 2.'],
    [categorical('adam', 'sgd'), 'Adam', 'Give it one of adam, sgd.'],
  ])('are refused with the values that there are: %o does not take "%s"', (parameter, text, remedy) =>
    expect(() => parsePoint([parameter], [{ name: parameter.name, value: text }])).toThrow(
      expect.objectContaining({
        code: 'PARAMETER_INVALID',
        message: `Parameter ${parameter.name} does not take the value ${JSON.stringify(text)}.`,
        remedy,
      }),
    ),
  );

  it('are refused when a parameter is missing', () => {
    const { parameters } = problemOf(int(1, 2), int(1, 2));
    expect(() => parsePoint(parameters, [{ name: 'p0', value: '1' }])).toThrow('Parameter p1 has no value.');
  });

  it('ignore assignments of other names', () =>
    expect(
      parsePoint(
        [int(1, 2)],
        [
          { name: 'other', value: 'x' },
          { name: 'n', value: '2' },
        ],
      ),
    ).toEqual(Float64Array.of(2)));
});
