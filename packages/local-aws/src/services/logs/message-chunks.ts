/** Messages that are fetched at first, when nobody knows how large they are. */
export const FIRST_CHUNK = 10;
/** Never so many that large ones after small ones, of a megabyte at most, could not be held. */
const MOST = 250;
const SIZE = 2_000_000;

/**
 * How many messages to fetch next: so many as the last ones that they come to a few megabytes. Messages may be large, and the memory
 * must not depend on it.
 *
 * @param count - how many the last ones were
 * @param size - how long they were together, in bytes or characters
 */
export function nextChunk(count: number, size: number): number {
  const fitting = Math.floor((SIZE * count) / Math.max(1, size));
  return Math.min(MOST, Math.max(FIRST_CHUNK, fitting));
}
