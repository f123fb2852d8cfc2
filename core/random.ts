import seedrandom from 'seedrandom';

/**
 * A deterministic stream of random numbers. Streams are forked by label, never shared: a consumer that draws more or
 * fewer numbers cannot disturb another, and the same path of labels gives the same numbers in any process.
 */
export interface RandomStream {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform whole number in [0, bound). `bound` must be a positive integer below 2^32. */
  integer(bound: number): number;
  /** 32 random bits as an unsigned integer. */
  bits32(): number;
  /** An independent stream that depends on this stream's seed and `label` only, not on what was drawn before. */
  fork(label: string | number): RandomStream;
}

/** The stream of a seed. Equal seeds give equal streams, on every machine. */
export function randomStream(seed: string | number): RandomStream {
  const path = String(seed);
  const generator = seedrandom.xor4096(path);
  const bits32 = (): number => generator.int32() >>> 0;
  return {
    next: () => generator.double(),
    integer: (bound) => Math.floor(generator.double() * bound),
    bits32,
    fork: (label) => randomStream(`${path}/${label}`),
  };
}
