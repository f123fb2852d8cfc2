const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/**
 * The number that the text spells where nothing is lost by it (`0.001`, `1e-05`, `32`), else the text itself: words, and
 * numbers with more digits than a double has or with zeros in front (`007`).
 */
export function exactNumber(text: string): number | string {
  if (!DECIMAL.test(text)) return text;
  const value = Number(text);
  if (String(value) === text) return value;
  return Number.isFinite(value) && digitsOf(String(value)) === digitsOf(text) ? value : text;
}

/** The same text for all spellings of one decimal: its digits without zeros at the ends, and its exponent. */
function digitsOf(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
