import { TextScanner } from './text-scanner.ts';

/** What a value is of: a name, and labels that tell values of one name apart. */
export interface Series {
  name: string;
  labels: ReadonlyMap<string, string>;
}

const NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const PLAIN_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** The series that begins here, `loss`, `loss{split="val"}` or `{"val/loss",split="x"}`; null where none does. */
export function readSeries(scanner: TextScanner): Series | null {
  const plainName = scanner.match(NAME);
  scanner.skipBlanks();
  if (!scanner.take('{')) return plainName === null ? null : { name: plainName, labels: new Map() };
  const { name, labels } = readBraces(scanner, plainName) ?? {};
  return name == null || labels === undefined ? null : { name, labels };
}

/** What stands between braces, with the closing one. A name in quotes stands alone, before the labels. */
function readBraces(
  scanner: TextScanner,
  plainName: string | null,
): { name: string | null; labels: Map<string, string> } | null {
  const labels = new Map<string, string>();
  let name = plainName;
  for (;;) {
    scanner.skipBlanks();
    if (scanner.take('}')) return { name, labels };
    const word = scanner.match(LABEL_NAME) ?? scanner.quoted();
    scanner.skipBlanks();
    if (word === null) return null;
    if (scanner.take('=')) {
      scanner.skipBlanks();
      const value = scanner.quoted();
      if (value === null) return null;
      labels.set(word, value);
    } else if (name === null && labels.size === 0) name = word;
    else return null;
    scanner.skipBlanks();
    if (!scanner.take(',') && !scanner.isAt('}')) return null;
  }
}

/** The series that an experiment asks for. A text that names none in this form is a name as it stands. */
export function requestedSeries(metric: string): Series {
  const scanner = new TextScanner(metric.trim());
  const series = readSeries(scanner);
  scanner.skipBlanks();
  return series && scanner.isAtEnd ? series : { name: metric, labels: new Map() };
}

/** As it can be asked for: labels in alphabetical order. */
export function formatSeries({ name, labels }: Series): string {
  const pairs = Array.from(
    labels,
    ([label, value]) => `${quoteUnlessPlain(label)}=${quote(value)}`,
  ).toSorted();
  if (PLAIN_NAME.test(name)) return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
  return `{${[quote(name), ...pairs].join(',')}}`;
}

function quoteUnlessPlain(label: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : quote(label);
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, (character) => `\\${character}`).replaceAll('\n', String.raw`\n`)}"`;
}

/**
 * Of `candidates`, those that a request means: the one with exactly its labels, else all that have them among others.
 * More than one is too many: what stands for the request cannot be told.
 */
export function meantSeries<T extends Series>(request: Series, candidates: readonly T[]): T[] {
  const having = candidates.filter(
    ({ name, labels }) =>
      name === request.name && [...request.labels].every(([label, value]) => labels.get(label) === value),
  );
  const exact = having.filter(({ labels }) => labels.size === request.labels.size);
  return exact.length > 0 ? exact.slice(-1) : having;
}
