import type { Evidence } from "@slipway/contracts";
import { expect, it } from "vitest";
import type { IndexAnswer } from "../ports/table-restore.ts";
import type { StepContext } from "../release/step-handler.ts";
import type { FakeWorld } from "../test/fake-world.ts";
import { fakeRestoreDeps, itemsTable } from "./test/fake-restore.ts";
import { RESTORED, TABLE } from "./test/restore-lab.ts";
import { verifyStep } from "./verify-step.ts";

/** Verifies a table of so many items, of which DynamoDB has counted 1,000 some hours ago. */
async function verify(items: number, index: Partial<IndexAnswer> = {}) {
  const answer: IndexAnswer = { index: "status-index", isActive: true, asked: 100, found: 100, ...index };
  const contents = { inspect: async () => ({ items, digest: "0".repeat(64), indexes: [answer] }) };
  const world = { tables: { [TABLE]: itemsTable(TABLE) } } as unknown as FakeWorld;
  const evidence: Evidence[] = [];
  const restore = { table: TABLE, restored: RESTORED, to: { time: "2026-11-28T11:00:00.000Z" } };
  const context = {
    ...{ plan: { release: "r2", rollsBack: { restore } }, step: { id: "data.verify" }, line() {} },
    write: async (body: { evidence: Evidence[] }) => void evidence.push(...body.evidence),
  };
  const end = await verifyStep(fakeRestoreDeps(world, { contents }))(context as unknown as StepContext);
  return { outcome: end.outcome, summary: end.summary, status: evidence.map(({ status }) => status) };
}

it.each([
  ["all of it", 1000, {}, "done", ["pass", "pass"]],
  ["one item of a thousand", 1, {}, "done", ["unknown", "pass"]],
  ["none", 0, {}, "failed", ["fail", "pass"]],
  ["an index that nothing could be asked of", 1000, { asked: 0, found: 0 }, "done", ["pass", "unknown"]],
  ["an index with too many of one key", 1000, { found: 90, givenUp: 10 }, "done", ["pass", "unknown"]],
  ["an index that lacks items", 1000, { found: 90, givenUp: 9 }, "failed", ["pass", "fail"]],
  ["an index that is not active", 1000, { isActive: false, asked: 0, found: 0 }, "failed", ["pass", "fail"]],
] as const)("of %s says what is known", async (_name, items, index, outcome, status) => {
  const end = await verify(items, index);
  expect(end).toMatchObject({ outcome, status });
  expect(end.summary.includes("NOT KNOWN")).toBe(
    outcome === "done" && (status as readonly string[]).includes("unknown"),
  );
});
