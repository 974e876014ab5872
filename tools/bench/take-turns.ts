/** One side of a comparison: measures itself once. */
export type Side<T> = (round: number) => Promise<T>;

/** How turns are taken. */
export interface TurnOptions<T> {
  /** Stops between two turns. */
  readonly signal: AbortSignal;
  /** Whether each side first has a turn, of round 0, that does not count; it does unless told otherwise. */
  readonly warmUp?: boolean;
  /** Called after each round that counts, with what was measured. */
  readonly onRound?: (round: number, ours: T, reference: T) => void;
}

/** Measures two sides in turns, A B A B, so that a machine that is slow for a while is slow for both. */
export async function takeTurns<T>(
  rounds: number,
  ours: Side<T>,
  reference: Side<T>,
  { signal, warmUp = true, onRound }: TurnOptions<T>,
): Promise<{ ours: T[]; reference: T[] }> {
  const measured: { ours: T[]; reference: T[] } = { ours: [], reference: [] };
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
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
