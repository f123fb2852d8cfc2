import type { RandomStream } from '../core/random.ts';
import { randomBelow } from './finite-space.ts';

const ROUNDS = 32;
const WORD = 0xffff_ffffn;

/**
 * A random permutation of 0 … size − 1 that is computed, not stored: the swap-or-not shuffle of V. T. Hoang, B. Morris
 * and P. Rogaway, "An enciphering scheme based on a card shuffle", CRYPTO 2012. Each round pairs every index with its
 * mirror image and swaps the pair or leaves it by the toss of a hash, so that each round is a permutation by itself.
 */
export function indexPermutation(size: bigint, random: RandomStream): (index: bigint) => bigint {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    mirror: randomBelow(size, random),
    salt: random.bits32(),
  }));
  return (index) =>
    rounds.reduce((at, { mirror, salt }) => {
      const partner = (mirror + size - at) % size;
      const pair = at > partner ? at : partner;
      return isSwapped(pair, salt) ? partner : at;
    }, index);
}

function isSwapped(pair: bigint, salt: number): boolean {
  let hash = salt;
  for (let rest = pair; ; rest >>= 32n) {
    hash = mixed(hash ^ Number(rest & WORD));
    if (rest <= WORD) return (hash & 1) === 1;
  }
}

/** 32 bits in, 32 well mixed bits out (the finalizer of MurmurHash3, public domain). */
function mixed(bits: number): number {
  let hash = bits;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
