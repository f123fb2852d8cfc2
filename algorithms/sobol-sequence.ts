import { SOBOL_TABLE, SOBOL_TABLE_DIMENSIONS } from './sobol-table.ts';

/*
 * The Sobol sequence with 32 bits. P. Bratley and B. L. Fox, "Algorithm 659", ACM TOMS 14 (1988); numbers of S. Joe and
 * F. Y. Kuo (sobol-table.ts).
 */

export { SOBOL_TABLE_DIMENSIONS };

const BITS = 32;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Direction numbers of the first `dimensions` dimensions, 32 for each, one dimension after the other. RangeError
 * beyond `SOBOL_TABLE_DIMENSIONS`.
 */
export function sobolDirections(dimensions: number): Uint32Array {
  if (dimensions > SOBOL_TABLE_DIMENSIONS) {
    throw new RangeError(`${dimensions} dimensions, but the table has ${SOBOL_TABLE_DIMENSIONS}`);
  }
  const directions = new Uint32Array(dimensions * BITS);
  const read = bitReader(SOBOL_TABLE);
  let polynomial = 1;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const own = directions.subarray(dimension * BITS, (dimension + 1) * BITS);
    if (dimension === 0) {
      for (let k = 0; k < BITS; k++) own[k] = 1 << (BITS - 1 - k);
    } else {
      polynomial += 2 * read(7);
      fillDirections(own, polynomial, read);
    }
  }
  return directions;
}

/** v_k = m_k · 2^(32−k) for k = 1 … 32, where the first m_k are read and the others follow from the recurrence. */
function fillDirections(directions: Uint32Array, polynomial: number, read: (bits: number) => number): void {
  const degree = 31 - Math.clz32(polynomial);
  for (let k = 0; k < degree; k++) directions[k] = (2 * read(k) + 1) << (BITS - 1 - k);
  for (let k = degree; k < BITS; k++) {
    const oldest = directions[k - degree] ?? 0;
    let direction = oldest ^ (oldest >>> degree);
    for (let i = 1; i < degree; i++) {
      if ((polynomial >>> (degree - i)) & 1) direction ^= directions[k - i] ?? 0;
    }
    directions[k] = direction;
  }
}

/** Reads numbers of so many bits, most significant bit first. */
function bitReader(text: string): (bits: number) => number {
  let position = 0;
  return (bits) => {
    let number = 0;
    for (let end = position + bits; position < end; position++) {
      const character = ALPHABET.indexOf(text.charAt(Math.floor(position / 6)));
      number = (number << 1) | ((character >>> (5 - (position % 6))) & 1);
    }
    return number;
  };
}

/**
 * Coordinate number `dimension` of the point number `index`, as a 32-bit fraction. Points come in Gray-code order, and
 * any index costs the same.
 */
export function sobolBits(directions: Uint32Array, dimension: number, index: number): number {
  let gray = (index ^ (index >>> 1)) >>> 0;
  let bits = 0;
  for (let k = dimension * BITS; gray !== 0; k++, gray >>>= 1) {
    if (gray & 1) bits ^= directions[k] ?? 0;
  }
  return bits >>> 0;
}
