import { expect, it } from "vitest";
import { billingChange } from "./billing-change.ts";

const units = (ReadCapacityUnits: number, WriteCapacityUnits: number) => ({ ReadCapacityUnits, WriteCapacityUnits });
const PROVISIONED = "provisioned; 5 reads, 6 writes; by-status: 7 reads, 8 writes";
const index = (read: number, write: number) => ({
  GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "by-status", ProvisionedThroughput: units(read, write) } }],
});

it.each<readonly [string, string, object]>([
  [PROVISIONED, "on demand", { BillingMode: "PAY_PER_REQUEST" }],
  [
    PROVISIONED,
    "on demand, at most 100 reads and -1 writes",
    { BillingMode: "PAY_PER_REQUEST", OnDemandThroughput: { MaxReadRequestUnits: 100, MaxWriteRequestUnits: -1 } },
  ],
  [
    "on demand, at most 100 reads and 50 writes",
    "on demand",
    { OnDemandThroughput: { MaxReadRequestUnits: -1, MaxWriteRequestUnits: -1 } },
  ],
  ["on demand", PROVISIONED, { BillingMode: "PROVISIONED", ProvisionedThroughput: units(5, 6), ...index(7, 8) }],
  [PROVISIONED, PROVISIONED.replace("5 reads", "9 reads"), { ProvisionedThroughput: units(9, 6) }],
  [PROVISIONED, PROVISIONED.replace("7 reads", "9 reads"), index(9, 8)],
])("from %s to %s", (before, wanted, change) => {
  expect(billingChange(before, wanted)).toEqual(change);
});
