import { CreateBackupCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { expectConsistent } from "./release/expect-consistent.ts";
import { Lab } from "./release/lab.ts";
import { expectServedBy } from "./release/settle.ts";

// With stopped writes, and 100,000 items: restore.soak.test.ts. Nobody is told apart here, so that nobody's writes can be stopped. What it goes
// through is in packages/release-engine/src/restore, killed everywhere.
test("a shop whose table is restored goes on with the restored one, and back again", async () => {
  const lab = await Lab.open({ canary: [], restorable: true });
  try {
    const url = await lab.apiUrl();
    const order = async (id?: string) => {
      const path = id === undefined ? "" : `/${id}`;
      const init = id === undefined ? { method: "POST", body: '{"what":"tea"}' } : {};
      const response = await fetch(`${url}/orders${path}`, init);
      return { status: response.status, id: ((await response.json()) as { id: string }).id };
    };
    const kept = await order();
    const backup = { TableName: "shop-orders", BackupName: "before" };
    const { BackupDetails } = await lab.clients.dynamodb.send(new CreateBackupCommand(backup));
    const lost = await order();
    const from = ["--backup", BackupDetails?.BackupArn ?? ""];
    await lab.must("rollback", "live", "data", "--restore", ...from, "--accept-lost-writes", "--yes", "shop-orders");
    expect([await order(kept.id), await order(lost.id)]).toMatchObject([{ status: 200 }, { status: 404 }]);
    const { outputs } = await lab.state();
    const restored = String(outputs.table_name?.value);
    expect(restored).toMatch(/^shop-orders-restored-\d{8}-\d{6}$/);
    await expectServedBy(lab, "one");

    const unasked = await lab.run("rollback", "live", "--to", "r1");
    expect(unasked.stderr).toContain(`every write since the switch to ${restored} is lost to users`);
    await lab.must("rollback", "live", "--to", "r1", "--confirm", restored);
    expect(await order(lost.id)).toMatchObject({ status: 200 });
    expect(await expectConsistent(lab)).toMatchObject({ outcome: "put-back" });
  } finally {
    await lab.close();
  }
});
