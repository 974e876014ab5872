import type { Side } from "./take-turns.ts";

/** How turns are taken among several. */
export interface TurnsAmongOptions<Name extends string, T> {
  /** Stops between two turns. */
  readonly signal: AbortSignal;
  /** Whether each side first has a turn, of round 0, that does not count; it does unless told otherwise. */
  readonly warmUp?: boolean;
  /** Called after each round that counts, with what was measured. */
  readonly onRound?: (round: number, measured: Readonly<Record<Name, T>>) => void;
}

/** Measures sides in turns, A B C A B C, so that a machine that is slow for a while is slow for all of them. */
export async function takeTurnsAmong<Name extends string, T>(
  rounds: number,
  sides: Readonly<Record<Name, Side<T>>>,
  { signal, warmUp = true, onRound }: TurnsAmongOptions<Name, T>,
): Promise<Record<Name, T[]>> {
  const names = Object.keys(sides) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, T[]>;
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    const turn: Partial<Record<Name, T>> = {};
    for (const name of names) {
      signal.throwIfAborted();
      turn[name] = await sides[name](round);
    }
    if (round > 0) {
      for (const name of names) {
        measured[name].push(turn[name] as T);
      }
      onRound?.(round, turn as Record<Name, T>);
    }
  }
  return measured;
}
