interface Timed {
  readonly at: number;
}

interface Source<T> {
  readonly iterator: AsyncIterator<T>;
  next: IteratorResult<T, unknown>;
}

/**
 * One stream of several that are each in the order of time. Of each only one thing is held at a time; of two at the same time the
 * earlier stream's comes first. Who stops reading closes them all.
 */
export async function* mergeByTime<T extends Timed>(streams: readonly AsyncIterable<T>[]): AsyncGenerator<T, void> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  try {
    // All at once: each begins with a call.
    const sources: Source<T>[] = await Promise.all(
      iterators.map(async (iterator) => ({ iterator, next: await iterator.next() })),
    );
    for (;;) {
      let first: Source<T> | undefined;
      for (const source of sources) {
        if (source.next.done !== true && (first?.next.done !== false || source.next.value.at < first.next.value.at)) {
          first = source;
        }
      }
      if (first?.next.done !== false) {
        return;
      }
      yield first.next.value;
      first.next = await first.iterator.next();
    }
  } finally {
    await Promise.allSettled(iterators.map((iterator) => iterator.return?.()));
  }
}
