/** One side of a comparison: measures itself once. */
export type Side<T> = (round: number) => Promise<T>;

/**
 * Measures two sides in turns, A B A B, after each has had one turn that does not count.
 *
 * @param signal - stops between two turns
 * @param onRound - called after each round that counts, with what was measured
 */
export async function takeTurns<T>(
  rounds: number,
  ours: Side<T>,
  reference: Side<T>,
  { signal, onRound }: { signal: AbortSignal; onRound?: (round: number, ours: T, reference: T) => void },
): Promise<{ ours: T[]; reference: T[] }> {
  const measured: { ours: T[]; reference: T[] } = { ours: [], reference: [] };
  for (let round = 0; round <= rounds; round++) {
    signal.throwIfAborted();
    const own = await ours(round);
    signal.throwIfAborted();
    const other = await reference(round);
    if (round > 0) {
      measured.ours.push(own);
      measured.reference.push(other);
      onRound?.(round, own, other);
    }
  }
  return measured;
}
