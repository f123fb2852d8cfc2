import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../core/did-you-mean.ts';

describe('nearest', () => {
  it.each([
    ['randon', ['random', 'grid'], 'random'],
    ['gird', ['random', 'grid'], 'grid'],
    ['primaryContainer', ['primaryContainerName', 'primaryPodLabels'], 'primaryContainerName'],
    ['LOSS', ['loss'], 'loss'],
    ['val_los', ['val_loss', 'loss'], 'val_loss'],
    ['max', ['minimize', 'maximize'], 'maximize'],
    ['log', ['logUniform', 'logNormal'], undefined],
    ['m', ['maximize'], undefined],
    ['accuracy', ['loss'], undefined],
    ['ab', ['xy'], undefined],
    ['', ['loss'], undefined],
    ['loss', [], undefined],
  ])('of %j among %j is %j', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });
});

describe('didYouMean', () => {
  it('lists all names where none is near', () => {
    expect(didYouMean('anneal', ['random', 'grid'])).toBe('Write one of random, grid.');
    expect(didYouMean('anneal', [])).toBe('There are none.');
  });
});
