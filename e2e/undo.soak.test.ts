import { expect, test } from "vitest";
import { surviveKillsOfUndo } from "./undo/survive-kills-of-undo.ts";

test("of 100,000 items 5,000 are badly written and 1,000 of those changed since: 4,000 are restored, 1,000 reported, 0 others touched, with 50 kills", async () => {
  const survived = await surviveKillsOfUndo({ items: 100_000, corrupted: 5_000, changed: 1_000 }, 50);

  process.stdout.write(`${JSON.stringify(survived)}\n`);
  expect(survived).toMatchObject({ kills: 50, restored: 4_000, conflicts: 1_000 });
  // Where nearly all of them fell into what only reads, little was survived.
  expect(survived.killedIn["data.write-back"] ?? 0).toBeGreaterThan(5);
});
