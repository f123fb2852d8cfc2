const ENDED = { done: true, value: undefined } as const;

/** What `source` yields until it ends or `signal` is aborted, even while the source gives nothing. */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  // Not Promise.race with one promise for the abortion: that promise would hold on to every value until the end.
  let abandonNext = (): void => undefined;
  const nextOrAborted = (): Promise<IteratorResult<T, unknown>> =>
    new Promise((resolve, reject) => {
      abandonNext = () => resolve(ENDED);
      if (signal.aborted) abandonNext();
      else iterator.next().then(resolve, reject);
    });
  const onAbort = (): void => abandonNext();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (let next = await nextOrAborted(); !next.done; next = await nextOrAborted()) yield next.value;
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source that waits for its next value would hold its consumer up.
    void iterator.return?.().catch(() => undefined);
  }
}
