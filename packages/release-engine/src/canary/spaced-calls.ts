import type { Clock } from "../ports/clock.ts";

/**
 * AWS takes 15 requests to Lambda's control plane in a second, of a whole account.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const CALLS_PER_SECOND = 14;
/** So many at once are fewer than a second's worth. */
const AT_ONCE = 8;

/**
 * Does something for each function, all of them at once as far as Lambda's control plane takes it: the first few right away, the others as
 * fast as they are let in. What is refused costs a pause that doubles, which is slower than not being refused.
 *
 * @param calls requests that each of them takes
 */
export async function spacedCalls<T, R>(
  clock: Pick<Clock, "sleep">,
  functions: readonly T[],
  calls: number,
  work: (each: T) => Promise<R>,
): Promise<R[]> {
  const spaceMs = (1_000 / CALLS_PER_SECOND) * calls;
  const first = Math.max(1, Math.floor(AT_ONCE / calls));
  return Promise.all(
    functions.map(async (each, index) => {
      if (index >= first) {
        await clock.sleep((index - first + 1) * spaceMs);
      }
      return await work(each);
    }),
  );
}
