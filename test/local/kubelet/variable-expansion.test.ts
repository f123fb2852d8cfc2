import { expect, it } from 'vitest';
import { expandVariables } from '../../../local/kubelet/variable-expansion.ts';

const VARIABLES: Record<string, string> = { A: 'a', NESTED: '$(A)', EMPTY: '' };

it.each([
  { text: '$(A)', expanded: 'a' },
  { text: 'x-$(A)-$(A)', expanded: 'x-a-a' },
  { text: '$$(A)', expanded: '$(A)' },
  { text: '$$$(A)', expanded: '$a' },
  { text: '$$$$(A)', expanded: '$$(A)' },
  { text: '$(UNKNOWN)', expanded: '$(UNKNOWN)' },
  { text: '$(A', expanded: '$(A' },
  { text: '$A ${A}', expanded: '$A ${A}' },
  { text: '$(NESTED)', expanded: '$(A)' },
  { text: '[$(EMPTY)]', expanded: '[]' },
  { text: '$()', expanded: '$()' },
  { text: 'costs 5$', expanded: 'costs 5$' },
])('expands "$text" to "$expanded"', ({ text, expanded }) => {
  expect(expandVariables(text, (name) => VARIABLES[name])).toBe(expanded);
});
