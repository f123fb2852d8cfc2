import { describe, expect, it } from 'vitest';
import { bandwidths } from '../../../algorithms/tpe/bandwidths.ts';

describe('the width of a kernel', () => {
  it.each([
    { what: 'of a single point reaches the farther end', points: [0.2], widths: [0.8] },
    {
      what: 'is the distance to the farther neighbour, whatever the order',
      points: [0.9, 0.1, 0.4],
      widths: [0.5, 0.3, 0.5],
    },
    {
      what: 'is never less than 1/(n + 2)',
      points: [0.5, 0.5, 0.5, 0.5],
      widths: [1 / 6, 1 / 6, 1 / 6, 1 / 6],
    },
    { what: 'is nothing where there is no point', points: [], widths: [] },
  ])('$what', ({ points, widths }) => {
    [...bandwidths(Float64Array.from(points))].forEach((width, index) =>
      expect(width).toBeCloseTo(widths[index] ?? NaN, 12),
    );
    expect(bandwidths(Float64Array.from(points))).toHaveLength(widths.length);
  });

  it('is at least a hundredth of the axis, however many points there are', () => {
    const widths = bandwidths(new Float64Array(1_000).fill(0.3));
    expect(Math.min(...widths)).toBe(0.01);
  });
});
