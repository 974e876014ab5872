import { afterAll, beforeAll, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { liveRelease, planOf, type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

// What has its document compared where the command has tests of its own stands there; here are the others, in an order that matters.

let prod: ReleasedEnvironment;

beforeAll(async () => {
  prod = await releasedEnvironment();
});

afterAll(async () => prod?.close());

async function printed(...words: readonly string[]): Promise<string> {
  const { stdout, stderr } = await prod.run([...words, "--output", "json"]);
  expect(JSON.parse(stdout), stderr).not.toHaveProperty("error");
  return stdout;
}

it("slipway gameday list", async () => {
  await golden("gameday", await printed("gameday", "list"), "list");
});

it("slipway watch, before the first release", async () => {
  await golden("watch", await printed("watch", "prod", "--once"));
});

it("slipway deploy --plan", async () => {
  await golden("deploy", await printed("deploy", "prod", "--plan"), "plan");
});

it("slipway resume, of a release that is live and has a checkpoint to come", async () => {
  const plan = planOf("r1", null, "a");
  const steps = plan.steps.filter(({ kind }) => kind === "traffic.promote" || kind === "checkpoint");
  await prod.write(prod.ledger("prod"), "r1", liveRelease({ ...plan, steps }, "1", "1"));

  await golden("resume", await printed("resume", "prod", "--wait", "none"));
});

it("slipway validate --window", async () => {
  // Long enough ago that all of its window is over, whatever the time is.
  const words = ["--window", "immediate", "--released-at", "10m", "--no-plan", "--no-smoke"];

  await golden("validate", await printed("validate", "prod", ...words), "window");
});

it("slipway rollback --break-glass, and slipway ledger reconcile", async () => {
  const { local } = prod.aws;
  await local("faults", "add", "--kind", "unavailable", "--service", "dynamodb");
  const words = ["--break-glass", "--reason", "DynamoDB is down", "--version", "orders=1"];
  await golden("rollback", await printed("rollback", "prod", ...words), "break-glass");
  await local("faults", "clear");

  await golden("ledger reconcile", await printed("ledger", "reconcile", "prod"));
});
