import { RE2JS } from 're2js';
import { errorMessage } from '../core/errors.ts';

/** What one match of a filter says: group 1 and group 2. */
export interface FilterMatch {
  name: string;
  value: string;
}

export type CustomFilter = (line: string) => FilterMatch[];

/**
 * Compiles a filter of `metricsCollectorSpec.source.filter.metricsFormat`. The expressions are RE2, as in Katib, and run
 * in time linear in the line, so that no pattern can hang the collector. Gives the reason where it cannot be used.
 */
export function compileFilter(expression: string): { filter: CustomFilter } | { problem: string } {
  const shown = JSON.stringify(expression);
  try {
    const compiled = RE2JS.compile(expression);
    if (compiled.groupCount() < 2) {
      return { problem: `filter ${shown} needs two groups in parentheses, for name and value` };
    }
    return { filter: (line) => allMatches(compiled, line) };
  } catch (error) {
    return { problem: `filter ${shown} is not a regular expression of RE2: ${errorMessage(error)}` };
  }
}

function allMatches(compiled: RE2JS, line: string): FilterMatch[] {
  const matcher = compiled.matcher(line);
  const matches: FilterMatch[] = [];
  while (matcher.find()) {
    matches.push({ name: (matcher.group(1) ?? '').trim(), value: (matcher.group(2) ?? '').trim() });
  }
  return matches;
}
