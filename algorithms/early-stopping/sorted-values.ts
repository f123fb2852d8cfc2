const FIRST_CAPACITY = 8;

/**
 * Numbers in ascending order, equal ones as often as they were added; Infinity is a number here. Finding takes
 * O(log n); adding and removing move what is behind, which is 80 kB for ten thousand values.
 */
export class SortedValues {
  #size = 0;
  #values = new Float64Array(FIRST_CAPACITY);

  get size(): number {
    return this.#size;
  }

  add(value: number): void {
    if (this.#size === this.#values.length) this.#grow();
    const at = this.countBelow(value);
    this.#values.copyWithin(at + 1, at, this.#size);
    this.#values[at] = value;
    this.#size++;
  }

  /** Removes one of the values that equal `value`; there must be one. */
  remove(value: number): void {
    const at = this.countBelow(value);
    if (at === this.#size || this.#values[at] !== value) throw new RangeError(`${value} was never added`);
    this.#values.copyWithin(at, at + 1, this.#size);
    this.#size--;
  }

  /** How many values are less than `value`. */
  countBelow(value: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#values[middle] ?? Infinity) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The value with `rank` values before it, `0 ≤ rank < size`. */
  at(rank: number): number {
    return this.#values[rank] ?? Number.NaN;
  }

  /**
   * The value that the given share (0 to 1) of the values lies below, between two neighbours in proportion; 0.5 is the
   * median. There must be a value.
   */
  quantile(share: number): number {
    const rank = (this.#size - 1) * share;
    const low = this.at(Math.floor(rank));
    const high = this.at(Math.ceil(rank));
    // Never outside of the two, whatever the rounding, and not NaN between two infinities.
    return low === high ? low : Math.min(high, low + (high - low) * (rank - Math.floor(rank)));
  }

  #grow(): void {
    const grown = new Float64Array(this.#values.length * 2);
    grown.set(this.#values);
    this.#values = grown;
  }
}
