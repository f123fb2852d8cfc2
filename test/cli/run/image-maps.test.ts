import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageMapOf } from '../../../cli/run/image-maps.ts';
import { temporaryFolder } from '../../support/command.ts';

function config(folder: string, command: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'katydid.config.yaml');
  writeFileSync(file, `images:\n  train:1: { command: [${command}] }\n`);
  return file;
}

it('images are mapped by the file beside each experiment, the first one first', () => {
  using folder = temporaryFolder();
  const [a, b] = [join(folder.path, 'a'), join(folder.path, 'b')];
  config(a, 'first');
  config(b, 'second');
  const files = [join(a, 'x.yaml'), join(b, 'y.yaml')];
  expect(imageMapOf(files, undefined).find('train:1')?.commandPrefix).toEqual(['first']);
  expect(imageMapOf(files.reverse(), undefined).find('train:1')?.commandPrefix).toEqual(['second']);
});

it('or by the file that is named, and by no other', () => {
  using folder = temporaryFolder();
  config(join(folder.path, 'a'), 'beside');
  const named = config(join(folder.path, 'b'), 'named');
  const map = imageMapOf([join(folder.path, 'a', 'x.yaml')], named);
  expect(map.find('train:1')?.commandPrefix).toEqual(['named']);
});

it('a folder without the file maps nothing; a file that was named must be there', () => {
  using folder = temporaryFolder();
  const missing = join(folder.path, 'missing.yaml');
  expect(imageMapOf([join(folder.path, 'x.yaml')], undefined).find('train:1')).toBeUndefined();
  expect(() => imageMapOf([], missing)).toThrow(/missing\.yaml.*There is no such file/);
});
