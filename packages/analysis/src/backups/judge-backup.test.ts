import { describe, expect, it } from "vitest";
import { type BackupFacts, backupVerdict, judgeBackup } from "./judge-backup.ts";

const structure = { key: "id HASH", indexes: { "by-status": "status HASH, createdAt RANGE; ALL" } };
const facts: BackupFacts = {
  ...{ table: "items-prod", backup: "arn:backup" },
  described: { items: 1_000, structure },
  restored: { items: 1_000, digest: "d".repeat(64), structure },
  live: {
    structure,
    restoredInLive: { asked: 200, found: 198 },
    liveInRestored: { asked: 200, found: 200 },
  },
};

function judged(change: Partial<BackupFacts>) {
  const evidence = judgeBackup({ ...facts, ...change }, Date.UTC(2026, 10, 28));
  const notPassed = evidence.filter(({ status }) => status !== "pass").map(({ check, status }) => `${check} ${status}`);
  return { verdict: backupVerdict(evidence), notPassed, found: evidence.map(({ found }) => found).join("\n") };
}

const restored = (change: Partial<BackupFacts["restored"]>) => ({ restored: { ...facts.restored, ...change } });
const live = (change: Partial<NonNullable<BackupFacts["live"]>>) => ({
  live: { ...(facts.live as NonNullable<BackupFacts["live"]>), ...change },
});

describe("judgeBackup", () => {
  it("passes what is whole and fits", () => {
    const { verdict, notPassed, found } = judged({ earlierDigest: "d".repeat(64) });
    expect({ verdict, notPassed }).toEqual({ verdict: "pass", notPassed: [] });
    expect(found).toContain("198 of 200 keys chosen by chance; the others were deleted since, or not there by mistake");
  });

  const other = { key: "id HASH", indexes: {} };
  it.each<[string, Partial<BackupFacts>, string, string[]]>([
    [
      "an index is not restored",
      restored({ structure: other }),
      "fail",
      ["backup.structure fail", "backup.fits-table fail"],
    ],
    [
      "the table has an index since",
      live({ structure: { ...structure, indexes: { ...structure.indexes, new: "a HASH; ALL" } } }),
      "fail",
      ["backup.fits-table fail"],
    ],
    ["nothing is restored", restored({ items: 0 }), "fail", ["backup.count fail"]],
    ["the counts are far apart", restored({ items: 800 }), "unknown", ["backup.count unknown"]],
    ["nobody counted", { described: { items: null, structure } }, "unknown", ["backup.count unknown"]],
    ["it restores to other items than before", { earlierDigest: "e".repeat(64) }, "fail", ["backup.digest fail"]],
    ["the table is gone", { live: undefined }, "unknown", ["backup.fits-table unknown"]],
    [
      "the table lost its items",
      live({ restoredInLive: { asked: 200, found: 0 } }),
      "unknown",
      ["backup.sample-in-table unknown"],
    ],
    [
      "most of the table is newer",
      live({ liveInRestored: { asked: 200, found: 99 } }),
      "unknown",
      ["backup.sample-in-backup unknown"],
    ],
    [
      "both are empty",
      {
        described: { items: 0, structure },
        ...restored({ items: 0 }),
        ...live({ restoredInLive: { asked: 0, found: 0 }, liveInRestored: { asked: 0, found: 0 } }),
      },
      "unknown",
      ["backup.count unknown", "backup.sample-in-table unknown", "backup.sample-in-backup unknown"],
    ],
    ["DynamoDB's count is a little old", restored({ items: 1_090 }), "pass", []],
  ])("where %s", (_, change, verdict, notPassed) => {
    expect(judged(change)).toMatchObject({ verdict, notPassed });
  });

  it("passes nothing without evidence", () => {
    expect(backupVerdict([])).toBe("unknown");
  });
});
