import { afterAll, beforeAll, expect, test } from "vitest";
import { deployItemsApi } from "./items-api/deploy-items-api.ts";
import { expectContractKept } from "./items-api/expect-contract-kept.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";

const COUNT = 5_000;

let localAws: LocalAwsProcess;
let url: string;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  url = await deployItemsApi(localAws);
});

afterAll(() => localAws?.stop());

test.each(["allowed", "malformed"] as const)(
  `every answer to 5,000 %s requests keeps the contract, through the gateway`,
  async (kind) => {
    const statuses = await expectContractKept(url, kind, COUNT);
    console.log(JSON.stringify({ kind, statuses }));
    expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(COUNT);
  },
);
