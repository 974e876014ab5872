type Task<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Runs tasks at the same time. When one fails, the others are asked to stop and waited for, so that nothing goes on behind
 * the back of whoever reads the error; the first failure is the one that is thrown.
 */
export async function together<A, B>(signal: AbortSignal, tasks: readonly [Task<A>, Task<B>]): Promise<[A, B]>;
export async function together<T>(signal: AbortSignal, tasks: readonly Task<T>[]): Promise<T[]>;
export async function together<T>(signal: AbortSignal, tasks: readonly Task<T>[]): Promise<T[]> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let failure: { error: unknown } | undefined;
  const results = await Promise.all(
    tasks.map(async (task) => {
      try {
        return { value: await task(either) };
      } catch (error) {
        failure ??= { error };
        stop.abort();
        return undefined;
      }
    }),
  );
  if (failure !== undefined) {
    throw failure.error;
  }
  return results.map((result) => (result as { value: T }).value);
}
