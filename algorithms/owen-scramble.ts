/**
 * Nested uniform (Owen) scrambling of a 32-bit fraction: the order of the two halves, of their halves and so on is
 * shuffled at random, which keeps every balance of a Sobol sequence and removes its regular look. A hash plays the
 * part of the random tree, after S. Laine and T. Karras, "Stratified sampling for stochastic transparency", EGSR 2011,
 * with the better constants of N. Vegdahl, "Building a better LK hash" (2021).
 *
 * `seed` is 32 random bits, one seed per dimension.
 */
export function owenScramble(bits: number, seed: number): number {
  return reversed(laineKarras(reversed(bits), seed)) >>> 0;
}

/** A hash in which each bit of the result depends on the same and the lower bits only. */
function laineKarras(bits: number, seed: number): number {
  let hash = bits;
  hash ^= Math.imul(hash, 0x3d20adea);
  hash = (hash + seed) | 0;
  hash = Math.imul(hash, (seed >>> 16) | 1);
  hash ^= Math.imul(hash, 0x05526c56);
  hash ^= Math.imul(hash, 0x53a22864);
  return hash;
}

function reversed(bits: number): number {
  let x = bits;
  x = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  x = ((x >>> 2) & 0x33333333) | ((x & 0x33333333) << 2);
  x = ((x >>> 4) & 0x0f0f0f0f) | ((x & 0x0f0f0f0f) << 4);
  x = ((x >>> 8) & 0x00ff00ff) | ((x & 0x00ff00ff) << 8);
  return (x >>> 16) | (x << 16);
}
