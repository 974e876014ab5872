import { ManualClock } from "@slipway/testing";
import { expect, it } from "vitest";
import type { TableFreezer, TablePolicy } from "../ports/table-restore.ts";
import { rollBack } from "../rollback/roll-back.ts";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { freezePolicy, frozenSince } from "./freeze-policy.ts";
import { restoreHandlers } from "./restore-handlers.ts";
import { policyOnceBegun, settleWrites } from "./settled-freeze.ts";
import { fakeRestoreDeps, NOON, withTable } from "./test/fake-restore.ts";
import { ADDRESS, expectOneTable, restore, TABLE } from "./test/restore-lab.ts";

const ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/items-prod";
const FROZEN: TablePolicy = { document: freezePolicy(ARN, null, NOON), revision: "1" };

/** A table whose policy is read, and is in force, only after a while; whatever it answers before that alternates. */
function lagging(clock: ManualClock, { readableAfterMs = 0, refuses = [] as readonly boolean[] }) {
  let asked = 0;
  const freezer: Pick<TableFreezer, "policy" | "refusesWrites"> = {
    policy: async () => (clock.now() - NOON >= readableAfterMs ? FROZEN : undefined),
    refusesWrites: async () => refuses[Math.min(asked++, refuses.length - 1)] ?? false,
  };
  return { freezer, asked: () => asked };
}

it("does not believe that there is no policy right after one was put", async () => {
  const clock = new ManualClock(NOON);
  const { freezer } = lagging(clock, { readableAfterMs: 20_000 });
  const found = await policyOnceBegun({ freezer, systemClock: clock }, "items-prod");
  expect(found && frozenSince(found.document)).toBe(NOON);
});

it("believes it after a minute", async () => {
  const clock = new ManualClock(NOON);
  const { freezer } = lagging(clock, { readableAfterMs: 3_600_000 });
  expect(await policyOnceBegun({ freezer, systemClock: clock }, "items-prod")).toBeUndefined();
  expect(clock.now() - NOON).toBeGreaterThanOrEqual(60_000);
});

it.each([
  ["refused", true],
  ["taken", false],
] as const)("takes writes for %s only when several in a row are", async (wanted, yes) => {
  const clock = new ManualClock(NOON);
  const { freezer, asked } = lagging(clock, { refuses: [yes, !yes, yes, yes, !yes, yes] });
  await settleWrites({ freezer, systemClock: clock }, "items-prod", wanted);
  expect(asked()).toBe(9);
});

it("stops where they never are, and says of which table", async () => {
  const clock = new ManualClock(NOON);
  const { freezer } = lagging(clock, { refuses: [true] });
  await expect(settleWrites({ freezer, systemClock: clock }, "items-prod", "taken")).rejects.toMatchObject({
    ...{ kind: "timeout", what: expect.stringContaining("the freeze of items-prod, which still refuses writes") },
  });
});

it("lifts a freeze whose policy cannot be read yet, after the process that froze was killed", async () => {
  const lab = new ReleaseLab(["api-handler"]);
  withTable(lab.world, ADDRESS, TABLE);
  await lab.deploy();
  await restore(lab, { bad: ["code.prove.api-handler"] });
  expect(frozenSince(lab.world.tables[TABLE]?.settings.policy ?? "{}")).toBeDefined();
  const clock = new ManualClock(NOON);
  const { freezer } = fakeRestoreDeps(lab.world);
  const late: TableFreezer = {
    ...freezer,
    policy: async (table) => (clock.now() - NOON < 20_000 ? undefined : freezer.policy(table)),
  };
  const handlers = {
    ...fakeHandlers(lab.world),
    ...restoreHandlers(fakeRestoreDeps(lab.world, { freezer: late, systemClock: clock })),
  };
  const back = { handlers, reason: "Jane: back", to: "r1" };
  expect(await lab.process((held) => rollBack(lab.ports, { held, ...back }))).toMatchObject({ state: "put-back" });
  await expectOneTable(lab);
});
