import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonPatchOperation } from '../../kube/client.ts';
import { applyJsonPatch } from '../../local/object-store/json-patch.ts';
import { applyMergePatch } from '../../local/object-store/merge-patch.ts';

const apply = (document: unknown, ...operations: JsonPatchOperation[]): unknown =>
  applyJsonPatch(document, operations);

describe('applyJsonPatch', () => {
  it.each<[string, unknown, JsonPatchOperation, unknown]>([
    ['adds a field', { a: 1 }, { op: 'add', path: '/b', value: 2 }, { a: 1, b: 2 }],
    ['adds over a field', { a: 1 }, { op: 'add', path: '/a', value: null }, { a: null }],
    ['adds at an index', { a: [1, 3] }, { op: 'add', path: '/a/1', value: 2 }, { a: [1, 2, 3] }],
    ['adds after the last index', { a: [1] }, { op: 'add', path: '/a/1', value: 2 }, { a: [1, 2] }],
    ['appends', { a: [1] }, { op: 'add', path: '/a/-', value: [2] }, { a: [1, [2]] }],
    ['adds a field without a name', {}, { op: 'add', path: '/', value: 1 }, { '': 1 }],
    ['replaces the document', { a: 1 }, { op: 'add', path: '', value: { b: 2 } }, { b: 2 }],
    ['replaces in an array', { a: [1, 2] }, { op: 'replace', path: '/a/1', value: 3 }, { a: [1, 3] }],
    ['removes from an array', { a: [1, 2] }, { op: 'remove', path: '/a/0' }, { a: [2] }],
    ['removes a null', { a: null }, { op: 'remove', path: '/a' }, {}],
    ['copies', { a: [1] }, { op: 'copy', from: '/a', path: '/b' }, { a: [1], b: [1] }],
    ['moves', { a: { b: 1 } }, { op: 'move', from: '/a/b', path: '/b' }, { a: {}, b: 1 }],
    ['moves in an array', { a: [1, 2, 3] }, { op: 'move', from: '/a/0', path: '/a/2' }, { a: [2, 3, 1] }],
    ['moves to where it is', { a: 1 }, { op: 'move', from: '/a', path: '/a' }, { a: 1 }],
    [
      'tests regardless of order',
      { a: { x: 1, y: [2] } },
      { op: 'test', path: '/a', value: { y: [2], x: 1 } },
      { a: { x: 1, y: [2] } },
    ],
    [
      'unescapes ~1, then ~0',
      { 'a/b': 1, '~1': 2 },
      { op: 'replace', path: '/~01', value: 3 },
      { 'a/b': 1, '~1': 3 },
    ],
  ])('%s', (_title, document, operation, expected) => {
    expect(apply(document, operation)).toEqual(expected);
  });

  it.each<[string, unknown, JsonPatchOperation]>([
    // The API server itself takes this for an addition; the RFC does not.
    ['a replacement of what is not there', {}, { op: 'replace', path: '/a', value: 1 }],
    ['a missing parent', {}, { op: 'add', path: '/a/b', value: 1 }],
    ['a parent without fields', { a: 1 }, { op: 'add', path: '/a/b', value: 1 }],
    ['an index beyond the end', { a: [] }, { op: 'add', path: '/a/1', value: 1 }],
    ['an index with a leading zero', { a: [1, 2] }, { op: 'remove', path: '/a/01' }],
    ['the place after the last element', { a: [1] }, { op: 'remove', path: '/a/-' }],
    ['a move into itself', { a: {} }, { op: 'move', from: '/a', path: '/a/b' }],
    ['a failed test', { a: 1 }, { op: 'test', path: '/a', value: '1' }],
    ['a test of what is not there', {}, { op: 'test', path: '/a', value: null }],
    ['a field that only the prototype has', {}, { op: 'remove', path: '/constructor' }],
  ])('%s is Invalid', (_title, document, operation) => {
    const attempt = (): unknown => apply(document, operation);
    expect(attempt).toThrow(expect.objectContaining({ reason: 'Invalid' }) as Error);
    expect(attempt).toThrow('operation 0');
  });

  it.each<[string, unknown]>([
    ['an object instead of an array', {}],
    ['an unknown operation', [{ op: 'frobnicate', path: '' }]],
    ['an operation without a path', [{ op: 'remove' }]],
    ['a path that is no pointer', [{ op: 'remove', path: 'a' }]],
    ['an addition without a value', [{ op: 'add', path: '/a' }]],
    ['a move from nowhere', [{ op: 'move', path: '/a' }]],
    ['null', [null]],
  ])('%s is BadRequest', (_title, operations) => {
    expect(() => applyJsonPatch({}, operations as JsonPatchOperation[])).toThrow(
      expect.objectContaining({ reason: 'BadRequest' }) as Error,
    );
  });

  it('a field named __proto__ is an ordinary field', () => {
    const patched = apply({}, { op: 'add', path: '/__proto__', value: { polluted: true } });
    expect(Object.hasOwn(patched as object, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  const key = fc.stringMatching(/^[a-z~/]{1,3}$/);
  const record = fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { noNullPrototype: true });
  const pointer = (name: string): string => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

  it('whatever is added can be read back, and taken away again', () => {
    fc.assert(
      fc.property(record, key, fc.jsonValue({ maxDepth: 2 }), (document, name, value) => {
        const before = structuredClone(document);
        const added = apply(document, { op: 'add', path: pointer(name), value });
        expect(apply(added, { op: 'test', path: pointer(name), value })).toEqual(added);
        expect(document).toEqual(before);
        const removed = apply(added, { op: 'remove', path: pointer(name) });
        const expected = Object.fromEntries(Object.entries(before).filter(([field]) => field !== name));
        expect(removed).toEqual(expected);
      }),
    );
  });

  it('the result shares nothing with the patch', () => {
    const value = { deep: [1] };
    const patched = apply({}, { op: 'add', path: '/a', value }, { op: 'copy', from: '/a', path: '/b' });
    value.deep.push(2);
    expect(apply(patched, { op: 'add', path: '/a/deep/-', value: 3 })).toEqual({
      a: { deep: [1, 3] },
      b: { deep: [1] },
    });
  });
});

describe('applyMergePatch', () => {
  // The examples of RFC 7386, appendix A.
  it.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j becomes %j', (target, patch, expected) => {
    expect(applyMergePatch(target, patch)).toEqual(expected);
  });

  it('applied again changes nothing more, and never its arguments', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        const before = structuredClone([target, patch]);
        const once = applyMergePatch(target, patch);
        expect(applyMergePatch(once, patch)).toEqual(once);
        expect([target, patch]).toEqual(before);
      }),
    );
  });
});
