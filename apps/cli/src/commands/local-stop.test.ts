import { expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { freePort } from "../test/local-aws-fixture.ts";
import { runSlipway } from "../test/run-slipway.ts";

// What it does to one that runs stands in local-start.test.ts: it takes a process of its own to be stopped.
test("nothing to stop is no failure", async () => {
  const port = await freePort();

  expect(await runSlipway(["local", "stop", "--port", String(port)])).toEqual({
    code: 0,
    stdout: `No local AWS runs on port ${port}: nothing to stop.\n`,
    stderr: "",
  });
  await golden("local stop", (await runSlipway(["local", "stop", "--port", String(port), "--output", "json"])).stdout);
});
