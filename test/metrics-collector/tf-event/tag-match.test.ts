import { describe, expect, it } from 'vitest';
import { metricsOfTag } from '../../../metrics-collector/tf-event/tag-match.ts';

describe('metricsOfTag', () => {
  it.each([
    { tag: 'accuracy', directory: '/log', metrics: ['accuracy'], expected: ['accuracy'] },
    { tag: 'accuracy_1', directory: '/log', metrics: ['accuracy'], expected: ['accuracy'] },
    { tag: 'accuracy', directory: '/log/train', metrics: ['train/accuracy'], expected: ['train/accuracy'] },
    { tag: 'accuracy', directory: '/log/test', metrics: ['train/accuracy'], expected: [] },
    {
      tag: 'accuracy',
      directory: '/log/a/train',
      metrics: ['a/train/accuracy'],
      expected: ['a/train/accuracy'],
    },
    {
      tag: 'accuracy',
      directory: '/log/train',
      metrics: ['accuracy', 'train/accuracy'],
      expected: ['accuracy', 'train/accuracy'],
    },
    { tag: 'val_accuracy', directory: '/log', metrics: ['accuracy'], expected: [] },
    { tag: 'loss_reg', directory: '/log', metrics: ['loss', 'loss_reg'], expected: ['loss_reg'] },
    { tag: 'train/loss', directory: '/log', metrics: ['train/loss'], expected: ['train/loss'] },
    { tag: 'train/loss', directory: '/log', metrics: ['loss'], expected: [] },
  ])('counts $tag in $directory for $expected of $metrics', ({ tag, directory, metrics, expected }) => {
    expect(metricsOfTag(tag, directory, metrics)).toEqual(expected);
  });
});
