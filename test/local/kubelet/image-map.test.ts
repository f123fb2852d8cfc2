import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { combineImageMaps, parseImageMap, readImageMap } from '../../../local/kubelet/image-map.ts';
import { temporaryFolder } from '../../support/command.ts';

const MAP = parseImageMap(
  {
    images: {
      'ml/train': { entrypoint: ['exact'] },
      'ml/*': { entrypoint: ['pattern'] },
      '*': { entrypoint: ['any'] },
      python: { entrypoint: ['python'] },
      'python:2': { entrypoint: ['with tag'] },
    },
  },
  '/config',
);

describe('the image', () => {
  it.each([
    ['ml/train', 'exact'],
    ['ml/train:1.2', 'exact'],
    ['ml/train@sha256:abc', 'exact'],
    ['docker.io/ml/train:latest', 'exact'],
    ['ml/train-more', 'pattern'],
    ['docker.io/library/python:3.12', 'python'],
    ['python:2', 'with tag'],
    ['registry:5000/x', 'any'],
  ])('%s is found by its %s entry', (image, entrypoint) => {
    expect(MAP.find(image)?.entrypoint).toEqual([entrypoint]);
  });
});

it('takes directories from where the file is', () => {
  using folder = temporaryFolder();
  const file = path.join(folder.path, 'katydid.config.yaml');
  mkdirSync(path.join(folder.path, 'root/srv'), { recursive: true });
  writeFileSync(
    file,
    'images:\n  app: { root: root, workingDir: /srv, pathMap: { /opt/x/: ./x }, command: [nice], env: { A: b } }\n',
  );
  expect(readImageMap(file).find('app:1')).toEqual({
    root: path.join(folder.path, 'root'),
    pathMap: [{ from: '/opt/x', to: path.join(folder.path, 'x') }],
    commandPrefix: ['nice'],
    entrypoint: [],
    workingDir: path.join(folder.path, 'root/srv'),
    env: { A: 'b' },
  });
});

it('maps nothing without a file', () => {
  expect(readImageMap('/nowhere/katydid.config.yaml').find('app')).toBeUndefined();
});

it('asks several maps in order', () => {
  const later = parseImageMap({ images: { 'ml/train': {}, late: {} } }, '/');
  const both = combineImageMaps([MAP, later]);
  expect(both.find('ml/train')?.entrypoint).toEqual(['exact']);
  expect(combineImageMaps([later]).find('unknown')).toBeUndefined();
});

it.each([
  [{ images: { app: { roots: 'x' } } }, 'images.app'],
  [{ images: { app: { pathMap: { relative: 'x' } } } }, 'images.app.pathMap.relative'],
  [{ image: {} }, '(document)'],
])('refuses %j, naming %s', (document, field) => {
  expect(() => parseImageMap(document, '/')).toThrow(field);
});
