const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export const MIB = 2 ** 20;
export const GIB = 2 ** 30;

/** A size for people: `312 MiB`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${UNITS[unit] ?? ''}`;
}
