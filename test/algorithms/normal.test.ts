import { describe, expect, it } from 'vitest';
import {
  erf,
  erfc,
  logNormalCdf,
  normalCdf,
  normalQuantile,
  normalQuantileOfLog,
  truncatedNormalCdf,
  truncatedNormalQuantile,
} from '../../algorithms/normal.ts';

function expectClose(actual: number, expected: number, relative: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

// Expected values: 50-digit arithmetic.
describe('the normal distribution', () => {
  it.each([
    [-3, -0.9999779095030014],
    [-0.5, -0.5204998778130465],
    [1e-10, 1.1283791670955126e-10],
    [0.1, 0.1124629160182849],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [2.25, 0.9985372834133188],
    [5.5, 0.9999999999999927],
    [Infinity, 1],
    [-Infinity, -1],
  ])('erf(%f) is exact to double accuracy', (x, expected) => expectClose(erf(x), expected, 2e-15));

  it.each([
    [-2, 1.9953222650189528],
    [-0.3, 1.3286267594591274],
    [0.1, 0.887537083981715],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [1.3, 0.06599205505934755],
    [2, 0.004677734981047266],
    [5, 1.537459794428035e-12],
    [1e5, 0],
    [2e8, 0],
    [10, 2.088487583762545e-45],
    [26, 5.663192408856143e-296],
    [Infinity, 0],
    [-Infinity, 2],
  ])('erfc(%f) keeps its relative accuracy in the tail', (x, expected) =>
    expectClose(erfc(x), expected, 1e-14),
  );

  it.each([
    [-10, 7.619853024160525e-24],
    [-3, 0.0013498980316300946],
    [-1, 0.15865525393145705],
    [0.25, 0.5987063256829237],
    [6, 0.9999999990134123],
  ])('gives the probability below %f', (x, expected) => expectClose(normalCdf(x), expected, 1e-14));

  it.each([
    [-1000, -500007.82669481216],
    [-50, -1254.8313611394199],
    [-20, -203.91715537109727],
    [-1, -1.8410216450092636],
    [0, -0.6931471805599453],
    [1, -0.17275377902344988],
    [5, -2.866516129637636e-7],
    [9, -1.1285884059538405e-19],
  ])('gives the logarithm of the probability below %f, also where that underflows', (x, expected) =>
    expectClose(logNormalCdf(x), expected, 1e-13),
  );

  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798407],
    [1e-5, -4.264890793922825],
    [0.05, -1.6448536269514726],
    [0.3, -0.5244005127080408],
    [0.7, 0.5244005127080407],
    [0.975, 1.9599639845400538],
    [0.999, 3.090232306167813],
    [0, -Infinity],
    [1, Infinity],
  ])('gives the quantile of %f', (probability, expected) => {
    if (Number.isFinite(expected)) expectClose(normalQuantile(probability), expected, 2e-15);
    else expect(normalQuantile(probability)).toBe(expected);
  });

  it.each([-0.1, -30, -699, -701, -1e4, -1e6])('inverts the logarithm %f', (logProbability) =>
    expectClose(logNormalCdf(normalQuantileOfLog(logProbability)), logProbability, 1e-13),
  );

  it.each([-0.1, 1.1, Number.NaN])('has no quantile of %f', (probability) =>
    expect(normalQuantile(probability)).toBeNaN(),
  );
});

describe('the truncated normal distribution', () => {
  const cases: [q: number, low: number, high: number, quantile: number][] = [
    [0.1, -3, 3, -1.2754222234675783],
    [0.75, -3, 3, 0.6723672950630587],
    [0.25, -6, 6, -0.6744897486437527],
    [0.9, -1, 2, 1.2557153641502152],
    [0.25, 8, 9, 8.035339621905017],
    [0.75, -9, -8, -8.035339621905017],
    [0.5, -30, -29, -29.023863512020597],
    [1e-6, -1, 30, -0.9999965229542332],
    [0.999999, -8, 1, 0.9999965229542331],
  ];

  it.each(cases)('has its quantile of %f between %f and %f', (q, low, high, expected) =>
    expectClose(truncatedNormalQuantile(q, low, high), expected, 1e-12),
  );

  it.each(cases)(
    'has a distribution function that inverts the quantile of %f between %f and %f',
    (q, low, high) =>
      expectClose(truncatedNormalCdf(truncatedNormalQuantile(q, low, high), low, high), q, 1e-9),
  );

  it.each([
    [-3, 3],
    [5, 8],
    [-100, -99],
  ])('never leaves %f … %f', (low, high) => {
    for (const q of [0, 1e-300, 0.5, 1 - 2 ** -53, 1]) {
      const x = truncatedNormalQuantile(q, low, high);
      expect(x).toBeGreaterThanOrEqual(low);
      expect(x).toBeLessThanOrEqual(high);
    }
  });
});
