import { expect, test } from "vitest";
import { takeTurnsAmong } from "./take-turns-among.ts";

test("every side has one turn in each round, after a warm-up that does not count", async () => {
  const turns: string[] = [];
  const rounds: unknown[] = [];
  const side = (name: string) => async (round: number) => {
    turns.push(`${name}${round}`);
    return `${name}${round}`;
  };

  const measured = await takeTurnsAmong(
    2,
    { a: side("A"), b: side("B"), c: side("C") },
    { signal: new AbortController().signal, onRound: (...round) => rounds.push(round) },
  );

  expect(turns).toEqual(["A0", "B0", "C0", "A1", "B1", "C1", "A2", "B2", "C2"]);
  expect(measured).toEqual({ a: ["A1", "A2"], b: ["B1", "B2"], c: ["C1", "C2"] });
  expect(rounds).toEqual([
    [1, { a: "A1", b: "B1", c: "C1" }],
    [2, { a: "A2", b: "B2", c: "C2" }],
  ]);
});
