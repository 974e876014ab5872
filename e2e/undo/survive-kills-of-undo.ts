import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { type UndoCounts, UndoLab } from "./undo-lab.ts";

/** A kill comes up to so long after a process was started: one that looks first takes longer than one that goes on. */
const LATEST_KILL_MS = { rollback: 30_000, resume: 12_000 };
/** Slow enough for kills to fall into the middle of the write-back. */
const RATE = "600";

export interface SurvivedUndo {
  readonly kills: number;
  /** Undos that came to their end, each from the same bad writes. */
  readonly undone: number;
  /** Kills by the step that was under way. */
  readonly killedIn: Readonly<Record<string, number>>;
  /** Of the last undo. */
  readonly restored: number;
  readonly conflicts: number;
}

/**
 * Takes bad writes back in processes that are killed (kill -9) at random moments, until there were so many kills. Whenever an undo comes to its
 * end, every item of the table is looked at, and the bad images are written again.
 */
export async function surviveKillsOfUndo(counts: UndoCounts, kills: number): Promise<SurvivedUndo> {
  const lab = await UndoLab.open(counts);
  const expected = { items: counts.corrupted, restored: counts.corrupted - counts.changed, conflicts: counts.changed };
  const killedIn: Record<string, number> = {};
  let killed = 0;
  let undone = 0;
  try {
    for (let result: { restored: number; conflicts: number } | undefined; killed < kills || result === undefined; ) {
      const before = await lab.newest();
      const isUnfinished = before?.state === "running" || before?.state === "paused";
      const undo = [
        "rollback",
        "prod",
        "data",
        "--undo",
        ...lab.window,
        "--yes",
        String(expected.restored),
        "--rate",
        RATE,
      ];
      const process = lab.slipway(...(isUnfinished ? ["resume", "prod"] : undo));
      const latest = LATEST_KILL_MS[isUnfinished ? "resume" : "rollback"];
      const isLast = killed >= kills;
      const end = await Promise.race([
        process.ended,
        isLast ? process.ended : wait(Math.random() * latest).then(() => undefined),
      ]);
      if (end === undefined) {
        process.kill("alone");
        await process.ended;
        killed += 1;
        const after = await lab.newest();
        const step = [...(after?.steps.values() ?? [])].find(({ state }) => state === "started")?.id;
        const place = step ?? (after?.id === before?.id && !isUnfinished ? "preview" : "between steps");
        killedIn[place] = (killedIn[place] ?? 0) + 1;
        continue;
      }
      // Who undoes, or goes on with it, is told by the exit code that conflicts are left.
      const code = expected.conflicts === 0 ? 0 : 3;
      expect(end.code, `${end.stdout}\n${end.stderr}`).toBe(code);
      const record = await lab.newest();
      expect(record?.state, end.stderr).toBe("done");
      result = record?.steps.get("data.write-back")?.result as typeof result;
      expect(result).toMatchObject(expected);
      expect(await lab.wrongItems()).toEqual([]);
      undone += 1;
      if (killed < kills) {
        await lab.corruptAgain();
        result = undefined;
      } else {
        return { kills: killed, undone, killedIn, restored: result?.restored ?? 0, conflicts: result?.conflicts ?? 0 };
      }
    }
    throw new Error("unreachable");
  } finally {
    await lab.close();
  }
}
