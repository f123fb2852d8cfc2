import { expect, it } from 'vitest';
import { footer } from '../../../cli/progress/footer.ts';
import { fakeTerminal } from '../fake-terminal.ts';

it('redraws its lines in place', () => {
  const terminal = fakeTerminal(40);
  const foot = footer(terminal);
  foot.show(['one', 'two', 'three']);
  foot.show(['eins', 'zwei']);
  expect(terminal.screen()).toEqual(['eins', 'zwei']);
});

it('stays below what is printed above it', () => {
  const terminal = fakeTerminal(40);
  const foot = footer(terminal);
  foot.show(['bar a', 'bar b']);
  foot.above('first');
  foot.above('second, which is much longer than the terminal is wide');
  expect(terminal.screen()).toEqual([
    'first',
    'second, which is much longer than the te',
    'rminal is wide',
    'bar a',
    'bar b',
  ]);
});

it('leaves nothing behind', () => {
  const terminal = fakeTerminal(40);
  const foot = footer(terminal);
  foot.above('a line');
  foot.show(['one', 'two']);
  foot.clear();
  foot.above('the end');
  expect(terminal.screen()).toEqual(['a line', 'the end']);
});

it('cuts lines, so that even an echoed ^C does not wrap them', () => {
  const terminal = fakeTerminal(20);
  const foot = footer(terminal);
  foot.show(['a line that is far too long for this']);
  terminal.raw('^C');
  foot.above('stopping');
  foot.clear();
  expect(terminal.screen()).toEqual(['stopping']);
});

it('counts what it has no room for', () => {
  const terminal = fakeTerminal(40);
  footer(terminal).show(Array.from({ length: 9 }, (_, index) => `bar ${index}`));
  expect(terminal.screen()).toEqual(['bar 0', 'bar 1', 'bar 2', 'bar 3', 'bar 4', '… and 4 more']);
});

it('writes nothing while nothing changes', () => {
  const written: string[] = [];
  const foot = footer({ ...fakeTerminal(40), raw: (text) => void written.push(text) });
  foot.show(['same']);
  foot.show(['same']);
  expect(written).toHaveLength(1);
});

it('survives a terminal without a width', () => {
  const terminal = fakeTerminal(1);
  footer(terminal).show(['abc', 'def']);
  expect(terminal.screen()).toEqual(['…', '…']);
});
