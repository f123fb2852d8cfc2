import type { MetricMention } from '../core/observation.ts';
import { findMention } from './filter-suggestion.ts';

/** So many lines are looked at for each metric, and so many ways of writing it are told apart. */
const MAX_LINES = 1_000;
const MAX_FORMS = 10;

/** The lines that hold a metric's name in a form that was not understood, in bounded space and time. */
export interface Mentions {
  add(metric: string, line: string): void;
  /** The commonest form of each metric that `isWanted` wants, one that can be read before one that cannot. */
  of(isWanted: (metric: string) => boolean): Record<string, MetricMention>;
}

interface Forms {
  lines: number;
  /** By filter; the empty text stands for none. */
  byFilter: Map<string, MetricMention>;
}

export function createMentions(): Mentions {
  const metrics = new Map<string, Forms>();
  return {
    add(metric, line) {
      const forms = metrics.get(metric) ?? { lines: 0, byFilter: new Map<string, MetricMention>() };
      metrics.set(metric, forms);
      if (forms.lines < MAX_LINES) addForm(forms, line, metric);
    },
    of: (isWanted) =>
      Object.fromEntries(
        [...metrics].flatMap(([metric, forms]) => {
          const mention = isWanted(metric) ? commonest(forms) : undefined;
          return mention ? [[metric, mention]] : [];
        }),
      ),
  };
}

function addForm(forms: Forms, line: string, metric: string): void {
  forms.lines++;
  const mention = findMention(line, metric);
  if (!mention) return;
  const known = forms.byFilter.get(mention.filter ?? '');
  if (known) known.count++;
  else if (forms.byFilter.size < MAX_FORMS)
    forms.byFilter.set(mention.filter ?? '', { ...mention, count: 1 });
}

function commonest({ byFilter }: Forms): MetricMention | undefined {
  const rank = ({ filter, count }: MetricMention): number => (filter === null ? 0 : count);
  return [...byFilter.values()].toSorted((a, b) => rank(b) - rank(a))[0];
}
