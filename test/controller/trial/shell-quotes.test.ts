import { describe, expect, it } from 'vitest';
import { removeShellQuotes } from '../../../controller/trial/shell-quotes.ts';
import type { Container } from '../../../core/pod.ts';

function cleared(container: Partial<Container>): Partial<Container> {
  const changed: Container = { name: 'training', ...container };
  removeShellQuotes(changed);
  return {
    ...(changed.command && { command: changed.command }),
    ...(changed.args && { args: changed.args }),
  };
}

describe('quotes that are meant for a shell', () => {
  it.each([
    ['around the value of a flag', '--network="[[3]]"', '--network=[[3]]'],
    ['around a value with spaces and other quotes', `--config="{'a': 'b c'}"`, "--config={'a': 'b c'}"],
    ['single ones', "--name='a b'", '--name=a b'],
    ['around a whole word', '"a b"', 'a b'],
    ['around nothing', '--name=""', '--name='],
    ['around several lines', '--text="a\nb"', '--text=a\nb'],
  ])('%s are taken away', (_, word, expected) => {
    expect(cleared({ command: ['python', word], args: [word] })).toEqual({
      command: ['python', expected],
      args: [expected],
    });
  });

  it.each([
    ['JSON', '{"a": "b"}'],
    ['a flag with JSON', '--config={"a": "b"}'],
    ['quotes within a word', `say"so"`],
    ['two quoted parts', '"a" and "b"'],
    ['one quote', '"'],
    ['different quotes', `"a'`],
    ['no quotes', '--lr=0.1'],
  ])('%s stays as it is', (_, word) => {
    expect(cleared({ command: ['python', word] })).toEqual({ command: ['python', word] });
  });

  it.each(['sh', '/bin/bash', 'dash'])('%s takes its own', (shell) => {
    const script = { command: [shell, '-c', '"$0" "$1"'], args: ['"a"'] };
    expect(cleared(script)).toEqual(script);
  });

  it('a container without command stays one', () => {
    expect(cleared({ args: ['"a"'] })).toEqual({ args: ['a'] });
    expect(cleared({})).toEqual({});
  });
});
