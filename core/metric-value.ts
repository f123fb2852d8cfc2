/*
 * Metric values as text. Training code, Katib's clients and the shells between them spell numbers in the ways of Go,
 * Python and JavaScript; this is the one place that knows them all.
 */

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/**
 * The number that `text` spells: decimal with or without exponent (`0.5`, `.98`, `5.`, `1e-05`), NaN and the infinities
 * in any case and sign. Blanks around it are allowed. NaN also where the text is no number at all: ask
 * `isMetricNumber` to tell the two apart.
 */
export function parseMetricValue(text: string): number {
  const trimmed = text.trim();
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  const infinite = INFINITE.exec(trimmed);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  return NaN;
}

/** Whether `text` spells a number, NaN and the infinities included. */
export function isMetricNumber(text: string): boolean {
  const trimmed = text.trim();
  return DECIMAL.test(trimmed) || NOT_A_NUMBER.test(trimmed) || INFINITE.test(trimmed);
}

/**
 * A value the way Katib's clients read it back, in Go and in Python: the shortest decimal that gives the same number,
 * `NaN`, `+Inf`, `-Inf`. A value that was text (`text` given) stays that text.
 */
export function formatMetricValue(value: number, text?: string | null): string {
  if (text != null) return text;
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}
