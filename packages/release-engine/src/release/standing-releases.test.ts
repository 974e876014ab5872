import { describe, expect, it } from "vitest";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { releaseToPutBack } from "./standing-releases.ts";

/** A release with one step of a kind. */
function release(id: string, state: ReleaseRecord["state"], kind = "traffic.promote"): ReleaseRecord {
  const step = { id: kind, kind, state: "done", attempts: 1, at: "" };
  return { id, state, steps: new Map([[kind, step]]) } as unknown as ReleaseRecord;
}

describe("releaseToPutBack", () => {
  it.each<[string, readonly ReleaseRecord[], string | undefined]>([
    ["nothing where nothing was released", [], undefined],
    ["the live one", [release("r1", "superseded"), release("r2", "live")], "r2"],
    ["the unfinished one", [release("r1", "live"), release("r2", "paused", "checklist")], "r2"],
    [
      "the live one past one that failed without traffic",
      [release("r1", "live"), release("r2", "failed", "checklist")],
      "r1",
    ],
    [
      "the live one past one that was given up without traffic",
      [release("r1", "live"), release("r2", "put-back", "checklist")],
      "r1",
    ],
    // Typed a second time it must not go back a second release.
    ["the one that was put back, and not the one before", [release("r1", "live"), release("r2", "put-back")], "r2"],
    ["the only one, which failed", [release("r1", "failed", "checklist")], "r1"],
  ])("is %s", (_, records, id) => {
    expect(releaseToPutBack(records)?.id).toBe(id);
  });
});
