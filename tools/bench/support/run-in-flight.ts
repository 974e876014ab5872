/**
 * Does a task `count` times, with a number of them in flight at any moment.
 *
 * @param task - gets the number of its turn, from 0
 * @throws what the first task threw that failed
 */
export async function runInFlight(
  count: number,
  inFlight: number,
  task: (turn: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      await task(next++);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, worker));
}
