import { takeTurnsAmong } from "./take-turns-among.ts";

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
export function takeTurns<T>(
  rounds: number,
  ours: Side<T>,
  reference: Side<T>,
  { onRound, ...options }: TurnOptions<T>,
): Promise<{ ours: T[]; reference: T[] }> {
  return takeTurnsAmong(
    rounds,
    { ours, reference },
    { ...options, onRound: (round, turn) => onRound?.(round, turn.ours, turn.reference) },
  );
}
