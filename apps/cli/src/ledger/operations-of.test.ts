import type { LedgerBody, LedgerEntry } from "@slipway/contracts";
import { expect, it } from "vitest";
import { operationsOf } from "./operations-of.ts";

const SHA = "a".repeat(64);
const state = { serial: 7, lineage: "l", sha256: SHA };
const backup = { arn: "arn:b", table: "items-prod" };

const whats = (...bodies: (LedgerBody | [string, LedgerBody])[]) =>
  operationsOf(
    bodies.map((each, index): LedgerEntry => {
      const [release, body] = Array.isArray(each) ? each : [null, each];
      return { release, body, sequence: index + 1, at: "", by: { name: "Jane" } } as LedgerEntry;
    }),
  ).map(({ sequence, what }) => `${sequence} ${what}`);

it("says of each thing that was done what it was", () => {
  expect(
    whats(
      { type: "state.backed-up", name: "before-move", ...state },
      { type: "state.restored", from: "version v1", ...state },
      { type: "backup.created", ...backup, name: "slipway-1", items: 3, bytes: 9 },
      { type: "backup.created", ...backup, name: "slipway-2", items: null, bytes: 9 },
      { type: "backup.verified", ...backup, temporaryTable: "t", verdict: "fail", items: 1, digest: SHA, evidence: [] },
      { type: "backup.pruned", arns: ["arn:b", "arn:c"] },
    ),
  ).toEqual([
    "1 Terraform state copied: before-move (serial 7)",
    "2 Terraform state of version v1 put back as serial 7",
    "3 table items-prod backed up: slipway-1, 3 items",
    "4 table items-prod backed up: slipway-2",
    "5 backup of table items-prod verified: FAILED, 1 item",
    "6 2 backups deleted",
  ]);
});

it("shows a beginning only where nobody wrote down the end", () => {
  const verifying: LedgerBody = { type: "backup.verifying", ...backup, temporaryTable: "t" };
  const over = { verdict: "unknown" as const, items: null, digest: null, evidence: [] };

  expect(
    whats(verifying, { ...verifying, type: "backup.verified", ...over }, verifying, {
      type: "backup.pruning",
      arns: ["arn:b"],
    }),
  ).toEqual([
    "2 backup of table items-prod verified: UNKNOWN",
    "3 backup of table items-prod is restored to t to be verified, and nobody wrote down how it ended",
    "4 1 backup to be deleted, and nobody wrote down how it ended",
  ]);
});

it("leaves out what belongs to releases, and names what it has no words for", () => {
  const approval = { type: "approval.given", planDigest: SHA, commit: null, stateSerial: 1, accepts: [] } as const;

  expect(
    whats(
      { type: "lease.released", holder: {} } as LedgerBody,
      approval as unknown as LedgerBody,
      ["r1", { type: "release.resumed" }],
      { type: "data.undone", items: 4 } as unknown as LedgerBody,
    ),
  ).toEqual(["4 data.undone"]);
});
