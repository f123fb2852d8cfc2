/** So many of the newest trials count in full. */
const NEWEST = 25;

/** The kernels of an estimator: which trials, and with what weight. */
export interface AgedKernels {
  /** Places in the list of trials, oldest first. */
  places: Int32Array;
  weights: Float64Array;
}

/**
 * Of `count` trials, oldest first, those that become kernels, and their weights: the newest 25 weigh 1, the older ones from
 * 1/count upwards to 1. Of more than `most` trials the newest and evenly many of the older ones stay, each with the
 * weight of those that it stands for: an estimator costs no more, however long the search goes on.
 */
export function agedKernels(count: number, most: number): AgedKernels {
  const newest = Math.min(count, NEWEST);
  const older = count - newest;
  const kept = Math.min(older, Math.max(0, most - newest));
  const places = new Int32Array(kept + newest);
  const weights = new Float64Array(kept + newest).fill(1);
  for (let number = 0; number < kept; number++) {
    const place = Math.floor(((number + 0.5) * older) / kept);
    places[number] = place;
    weights[number] = (olderWeight(place, older, count) * older) / kept;
  }
  for (let number = 0; number < newest; number++) places[kept + number] = older + number;
  return { places, weights };
}

function olderWeight(place: number, older: number, count: number): number {
  return older === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * place) / (older - 1);
}
