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

test.each([
  ["allowed", [200, 201, 204, 304, 400, 404, 412, 422]],
  ["malformed", [400, 404, 405, 406, 412, 413, 415, 428]],
] as const)("every answer to 5,000 %s requests keeps the contract, through the gateway", async (kind, sure) => {
  const statuses = await expectContractKept(url, kind, COUNT);
  console.log(JSON.stringify({ kind, statuses }));
  for (const status of sure) expect(statuses[status], `${status}`).toBeGreaterThan(0);
});
