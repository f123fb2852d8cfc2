/** Hands items from one writer to one reader, in order. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #ended = false;
  #arrival = Promise.withResolvers<undefined>();

  push(item: T): void {
    this.#items.push(item);
    this.#arrival.resolve(undefined);
  }

  /** The reader ends when it has read what is there. */
  end(): void {
    this.#ended = true;
    this.#arrival.resolve(undefined);
  }

  clear(): void {
    this.#items = [];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const items = this.#items;
      this.#items = [];
      yield* items;
      if (this.#items.length > 0) continue;
      if (this.#ended) return;
      this.#arrival = Promise.withResolvers<undefined>();
      await this.#arrival.promise;
    }
  }
}
