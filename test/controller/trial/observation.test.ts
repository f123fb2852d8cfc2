import { expect, it } from 'vitest';
import type { Objective } from '../../../core/experiment.ts';
import type { MetricSummary } from '../../../db/observation-store.ts';
import { hasObjective, requestedMetrics, summarize } from '../../../controller/trial/observation.ts';

const OBJECTIVE: Objective = {
  type: 'minimize',
  objectiveMetricName: 'loss',
  additionalMetricNames: ['acc', 'loss'],
};

function summary(more: Partial<MetricSummary>): MetricSummary {
  return {
    metric: 'loss',
    count: 1,
    min: 0.01,
    max: 0.1,
    latest: 0.07,
    latestText: null,
    firstTimeMs: 0,
    latestTimeMs: 0,
    ...more,
  };
}

it('asks for the objective first and for nothing twice', () => {
  expect(requestedMetrics(OBJECTIVE)).toEqual(['loss', 'acc']);
});

it.each<[string, Partial<MetricSummary>, string, string, string]>([
  ['numbers', {}, '0.01', '0.1', '0.07'],
  ['very small and large numbers', { min: 1e-9, max: 1e21, latest: 5 }, '1e-9', '1e+21', '5'],
  ['NaN at the end', { latest: NaN }, '0.01', '0.1', 'NaN'],
  ['NaN only', { min: null, max: null, latest: NaN }, 'NaN', 'NaN', 'NaN'],
  ['infinities', { min: -Infinity, max: Infinity, latest: Infinity }, '-Inf', '+Inf', '+Inf'],
  [
    'text only',
    { min: null, max: null, latest: NaN, latestText: 'genotype' },
    'unavailable',
    'unavailable',
    'genotype',
  ],
])("writes %s as text that Katib's clients read", (_, more, min, max, latest) => {
  const observation = summarize(OBJECTIVE, [summary(more)]);
  expect(observation.metrics).toEqual([
    { name: 'loss', min, max, latest },
    { name: 'acc', min: 'unavailable', max: 'unavailable', latest: 'unavailable' },
  ]);
  expect(hasObjective(OBJECTIVE, observation)).toBe(true);
});

it('has no objective where only other metrics were seen', () => {
  expect(hasObjective(OBJECTIVE, summarize(OBJECTIVE, [summary({ metric: 'acc' })]))).toBe(false);
  expect(hasObjective(OBJECTIVE, undefined)).toBe(false);
});
