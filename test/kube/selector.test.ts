import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsMatch, parseLabelSelector } from '../../kube/selector.ts';

describe('parseLabelSelector', () => {
  it.each<[string, Record<string, string> | undefined, boolean]>([
    ['', undefined, true],
    ['  ', { a: 'x' }, true],
    ['a=x', { a: 'x' }, true],
    ['a=x', { a: 'y' }, false],
    ['a=x', undefined, false],
    ['a == x', { a: 'x' }, true],
    ['a=', { a: '' }, true],
    ['a=', {}, false],
    ['a!=x', { a: 'y' }, true],
    ['a!=x', {}, true],
    ['a != x', { a: 'x' }, false],
    ['a in (x,y)', { a: 'y' }, true],
    ['a in ( x , y )', { a: 'y' }, true],
    ['a in(x)', { a: 'x' }, true],
    ['a in ()', { a: '' }, true],
    ['a in (x,)', { a: '' }, true],
    ['a in (x,y)', { a: 'z' }, false],
    ['a in (x,y)', {}, false],
    ['a notin (x,y)', { a: 'z' }, true],
    ['a notin (x,y)', {}, true],
    ['a notin (x,y)', { a: 'x' }, false],
    ['a', { a: '' }, true],
    ['a', {}, false],
    ['!a', {}, true],
    ['! a', { a: 'x' }, false],
    ['in', { in: 'x' }, true],
    ['a=x,b in (1,2),!c', { a: 'x', b: '2' }, true],
    ['a=x,b in (1,2),!c', { a: 'x', b: '2', c: '' }, false],
    ['b in (1,2),a=x', { a: 'x', b: '3' }, false],
    ['example.com/a=x_1.2', { 'example.com/a': 'x_1.2' }, true],
    ['constructor', {}, false],
  ])('%j on %j is %j', (selector, labels, expected) => {
    expect(parseLabelSelector(selector)(labels)).toBe(expected);
  });

  it.each([
    'a=b=c',
    'a in x',
    'a in (x',
    'a in x)',
    'a notin',
    'a foo (x)',
    '=x',
    '!',
    '!a=x',
    'a=x,',
    ',a=x',
    'a=x,,b=y',
    'a=two words',
    'a=-',
    `a=${'x'.repeat(64)}`,
    '-a',
    'a/b/c',
    'A.com/x',
    'a in (x,-)',
  ])('refuses %j with BadRequest', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(
      expect.objectContaining({ name: 'ApiError', reason: 'BadRequest' }) as Error,
    );
  });

  it('agrees with labelsMatch on equality selectors', () => {
    const text = fc.stringMatching(/^[a-c]{1,2}$/);
    const labels = fc.dictionary(text, text, { maxKeys: 4 });
    fc.assert(
      fc.property(labels, labels, (selector, of) => {
        const written = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
        expect(parseLabelSelector(written.join(','))(of)).toBe(labelsMatch(selector, of));
      }),
    );
  });

  it('a set and its complement divide all labels', () => {
    const text = fc.stringMatching(/^[a-c]{1,2}$/);
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), fc.option(text, { nil: undefined }), (values, value) => {
        const labels = value === undefined ? undefined : { key: value };
        const set = values.join(',');
        const isIn = parseLabelSelector(`key in (${set})`)(labels);
        expect(parseLabelSelector(`key notin (${set})`)(labels)).toBe(!isIn);
        expect(isIn).toBe(value !== undefined && values.includes(value));
      }),
    );
  });
});

describe('labelsMatch', () => {
  it.each<[Record<string, string>, Record<string, string> | undefined, boolean]>([
    [{}, undefined, true],
    [{ a: 'x' }, undefined, false],
    [{ a: 'x' }, { a: 'x', b: 'y' }, true],
    [{ a: 'x', b: 'y' }, { a: 'x' }, false],
    [{ a: '' }, {}, false],
  ])('%j on %j is %j', (selector, labels, expected) => {
    expect(labelsMatch(selector, labels)).toBe(expected);
  });
});
