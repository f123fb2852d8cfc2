const DECIMAL = /^[+-]?(?:\d+\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d+))?$/;

/** The number that a decimal text stands for, or undefined where it is none or not finite. */
export function parseDecimal(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** Digits after the point that the text's exact value needs: `1.50` needs 1, `25e-4` needs 4, `1e3` needs 0. */
export function decimalsOf(text: string): number {
  const [, afterPoint, onlyFraction, exponent] = DECIMAL.exec(text) ?? [];
  const fraction = (afterPoint ?? onlyFraction ?? '').replace(/0+$/, '');
  return Math.max(0, fraction.length - Number(exponent ?? 0));
}
