import { expect, it } from 'vitest';
import { unmappedPaths } from '../../../local/kubelet/unmapped-paths.ts';

it.each([
  ['/no/such/file', ['/no/such/file']],
  ['--data=/no/such/file', ['/no/such/file']],
  ['/no-such-file', []],
  ['/a/volume/to/be/written', []],
  ['/a/volume-not/to/be', ['/a/volume-not/to/be']],
  ['/tmp', []],
  ['/tmp/to-be-written', []],
  ['relative/no/such', []],
  ['echo /no/such/file', []],
  ['http://host/no/such', []],
])('%s: %j', (text, paths) => {
  const found = unmappedPaths([{ place: 'args[0]', written: text, here: text }], ['/a/volume']);
  expect(found.map(({ written }) => written)).toEqual(paths);
});

it('names the path as its author wrote it', () => {
  const text = { place: 'args[0]', written: '--to=/data/x/y', here: '--to=/no/such/x/y' };
  const [found] = unmappedPaths([text], []);
  expect(found).toEqual({ place: 'args[0]', written: '/data/x/y', here: '/no/such/x/y' });
});
