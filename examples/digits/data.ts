import { readFileSync } from 'node:fs';
import seedrandom from 'seedrandom';

export const PIXELS_PER_IMAGE = 64;
export const LABEL_COUNT = 10;
const BRIGHTEST = 16;
/** Every fifth image is held out. The split is fixed, so that all trials are judged on the same 360 images. */
const HELD_OUT_EVERY = 5;

/** Images with their labels. */
export interface DigitSet {
  readonly count: number;
  /** `count` × 64, row by row, 0 (white) to 1 (black). */
  readonly pixels: Float32Array;
  /** `count` digits, 0 to 9. */
  readonly labels: Uint8Array;
}

/** All images: digits.csv has 64 pixels from 0 to 16 and the digit in each line. */
export function loadDigits(): DigitSet {
  const lines = readFileSync(new URL('digits.csv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  return {
    count: rows.length,
    pixels: Float32Array.from(
      rows.flatMap((row) => row.slice(0, PIXELS_PER_IMAGE)),
      (grey) => grey / BRIGHTEST,
    ),
    labels: Uint8Array.from(rows, (row) => row[PIXELS_PER_IMAGE] ?? NaN),
  };
}

export function trainingSet(digits: DigitSet): DigitSet {
  return select(
    digits,
    indexes(digits.count).filter((index) => index % HELD_OUT_EVERY !== 0),
  );
}

export function heldOutSet(digits: DigitSet): DigitSet {
  return select(
    digits,
    indexes(digits.count).filter((index) => index % HELD_OUT_EVERY === 0),
  );
}

/** The part of one worker: every `workers`-th image, so that all parts hold all digits. */
export function shardOf(set: DigitSet, worker: number, workers: number): DigitSet {
  return select(
    set,
    indexes(set.count).filter((index) => index % workers === worker),
  );
}

/** The set in batches, in an order that depends on `seed` only. The last batch may be smaller. */
export function* shuffledBatches(set: DigitSet, batchSize: number, seed: string): Generator<DigitSet> {
  const order = shuffle(indexes(set.count), seed);
  for (let start = 0; start < order.length; start += batchSize) {
    yield select(set, order.slice(start, start + batchSize));
  }
}

function select(set: DigitSet, chosen: readonly number[]): DigitSet {
  const pixels = new Float32Array(chosen.length * PIXELS_PER_IMAGE);
  chosen.forEach((index, row) => {
    const image = set.pixels.subarray(index * PIXELS_PER_IMAGE, (index + 1) * PIXELS_PER_IMAGE);
    pixels.set(image, row * PIXELS_PER_IMAGE);
  });
  return {
    count: chosen.length,
    pixels,
    labels: Uint8Array.from(chosen, (index) => set.labels[index] ?? NaN),
  };
}

function indexes(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Fisher–Yates. */
function shuffle(items: readonly number[], seed: string): number[] {
  const random = seedrandom.xor4096(seed);
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] ?? NaN, shuffled[last] ?? NaN];
  }
  return shuffled;
}
