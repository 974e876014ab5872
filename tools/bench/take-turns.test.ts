import { expect, test } from "vitest";
import { takeTurns } from "./take-turns.ts";

function recorded() {
  const turns: string[] = [];
  const side = (name: string) => async (round: number) => {
    turns.push(`${name}${round}`);
    return `${name}${round}`;
  };
  return { turns, ours: side("A"), reference: side("B") };
}

test("takes turns after a warm-up that does not count", async () => {
  const { turns, ours, reference } = recorded();
  const rounds: unknown[] = [];

  const measured = await takeTurns(2, ours, reference, {
    signal: new AbortController().signal,
    onRound: (...round) => rounds.push(round),
  });

  expect(turns).toEqual(["A0", "B0", "A1", "B1", "A2", "B2"]);
  expect(measured).toEqual({ ours: ["A1", "A2"], reference: ["B1", "B2"] });
  expect(rounds).toEqual([
    [1, "A1", "B1"],
    [2, "A2", "B2"],
  ]);
});

test("leaves the warm-up out where that is asked for", async () => {
  const { turns, ours, reference } = recorded();

  await takeTurns(1, ours, reference, { signal: new AbortController().signal, warmUp: false });

  expect(turns).toEqual(["A1", "B1"]);
});

test("stops between two turns", async () => {
  const { turns, ours, reference } = recorded();
  const stop = new AbortController();
  const stopping = async (round: number) => {
    stop.abort(new Error("Stopped by SIGINT."));
    return ours(round);
  };

  await expect(takeTurns(2, stopping, reference, { signal: stop.signal })).rejects.toThrow("Stopped by SIGINT.");

  expect(turns).toEqual(["A0"]);
});
