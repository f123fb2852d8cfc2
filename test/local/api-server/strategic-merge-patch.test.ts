import { describe, expect, it } from 'vitest';
import { applyStrategicMergePatch } from '../../../local/api-server/strategic-merge-patch.ts';

const a = { name: 'a', image: '1' };
const b = { name: 'b', image: '2' };

describe('strategic merge patch', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, unknown]>([
    ['merges maps', { x: { y: 1, z: 2 } }, { x: { y: 3 } }, { x: { y: 3, z: 2 } }],
    ['removes by null', { x: 1, y: 2 }, { x: null }, { y: 2 }],
    [
      'merges keyed lists',
      { containers: [a, b] },
      { containers: [{ name: 'b', image: '3' }] },
      { containers: [a, { ...b, image: '3' }] },
    ],
    ['adds to keyed lists', { containers: [a] }, { containers: [b] }, { containers: [a, b] }],
    ['begins keyed lists', {}, { containers: [b] }, { containers: [b] }],
    ['replaces other lists', { args: ['x', 'y'] }, { args: ['z'] }, { args: ['z'] }],
    [
      'deletes entries',
      { containers: [a, b] },
      { containers: [{ $patch: 'delete', name: 'a' }] },
      { containers: [b] },
    ],
    [
      'replaces keyed lists',
      { containers: [a] },
      { containers: [{ $patch: 'replace' }, b] },
      { containers: [b] },
    ],
    ['replaces maps', { x: { y: 1 } }, { x: { $patch: 'replace', z: 2 } }, { x: { z: 2 } }],
    ['keeps only some fields', { s: { x: 1, y: 2 } }, { s: { $retainKeys: ['y'], y: 3 } }, { s: { y: 3 } }],
    ['adds finalizers', { finalizers: ['x'] }, { finalizers: ['y', 'x'] }, { finalizers: ['x', 'y'] }],
    [
      'takes finalizers away',
      { finalizers: ['x', 'y'] },
      { '$deleteFromPrimitiveList/finalizers': ['x'] },
      { finalizers: ['y'] },
    ],
    [
      'orders lists',
      { env: [a, b] },
      { '$setElementOrder/env': [{ name: 'b' }, { name: 'a' }] },
      { env: [b, a] },
    ],
    [
      'knows ports of containers',
      { ports: [{ containerPort: 1 }] },
      { ports: [{ containerPort: 1, name: 'x' }] },
      { ports: [{ containerPort: 1, name: 'x' }] },
    ],
    [
      'knows ports of services',
      { ports: [{ port: 1 }] },
      { ports: [{ port: 2 }] },
      { ports: [{ port: 1 }, { port: 2 }] },
    ],
  ])('%s', (_case, target, patch, expected) => {
    const before = structuredClone({ target, patch });
    expect(applyStrategicMergePatch(target, patch)).toEqual(expected);
    expect({ target, patch }, 'the arguments stay as they were').toEqual(before);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an entry without its key', { containers: [{ name: 'a' }, { image: 'x' }] }],
    ['an entry that is no object', { containers: [{ name: 'a' }, 'x'] }],
    ['an order that is no list', { '$setElementOrder/env': 'x' }],
    ['deletions that are no list', { '$deleteFromPrimitiveList/finalizers': 'x' }],
    ['retained keys that are no list', { $retainKeys: 'x' }],
  ])('%s is BadRequest', (_case, patch) => {
    expect(() => applyStrategicMergePatch({}, patch)).toThrow(
      expect.objectContaining({ reason: 'BadRequest' }),
    );
  });
});
