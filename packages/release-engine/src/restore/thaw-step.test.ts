import { expect, it } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { rollBack } from "../rollback/roll-back.ts";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import type { RestoreDeps } from "./restore-deps.ts";
import { restoreHandlers } from "./restore-handlers.ts";
import { fakeRestoreDeps, withTable } from "./test/fake-restore.ts";
import { ADDRESS, RESTORED, restore, TABLE } from "./test/restore-lab.ts";

async function putBack(alarms: RestoreDeps["alarms"]): Promise<string> {
  const lab = new ReleaseLab(["api-handler"]);
  withTable(lab.world, ADDRESS, TABLE);
  await lab.deploy();
  await restore(lab);
  const handlers = { ...fakeHandlers(lab.world), ...restoreHandlers(fakeRestoreDeps(lab.world, { alarms })) };
  const wish = { handlers, reason: "Jane: back", to: "r1", confirmed: [RESTORED] };
  expect(await lab.process((held) => rollBack(lab.ports, { held, ...wish }))).toMatchObject({ state: "put-back" });
  return (await lab.newest()).steps.get("data.thaw")?.summary ?? "";
}

it("says that nothing watches the table that is in use again, and how it gets its alarms back", async () => {
  const watching = async (table: string) => (table === RESTORED ? ["items-prod-throttling"] : []);
  expect(await putBack({ watching })).toContain(
    `${TABLE}: NOT WATCHED (items-prod-throttling still watch ${RESTORED}): slipway rollback prod infrastructure`,
  );
});

it("gives the table back although nobody can say what watches it", async () => {
  const watching = async () => {
    throw new ReleaseError({ kind: "throttled", what: "DescribeAlarms failed", why: "too many", next: "-" });
  };
  expect(await putBack({ watching })).toContain(`${TABLE}: nobody knows what watches it (DescribeAlarms failed`);
});
