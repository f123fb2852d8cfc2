import { expect, it } from 'vitest';
import { score } from '../../bench/search/score.ts';

it.each([
  { regret: 5, is: 0, what: 'as far as random search' },
  { regret: 0, is: 1, what: 'at the optimum' },
  { regret: 500_000, is: -1, what: 'much farther than random search' },
  { regret: 0.05, is: 0.499, what: 'in the middle on a logarithmic scale' },
])('the score of a search $what is $is', ({ regret, is }) => expect(score(regret, 5)).toBeCloseTo(is, 2));
