import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  badInfrastructureOf,
  expectInfrastructureBack,
  releaseBadly,
  rollInfrastructureBack,
} from "./release/bad-infrastructure.ts";
import { Lab } from "./release/lab.ts";

const atOnce = { canary: [] };

// One of five kinds of bad change, two minutes of Terraform; the others, kills and failing calls are in rollback-infrastructure.soak.test.ts,
// and what it goes through in packages/release-engine (kill-anywhere, infrastructure).
describe.runIf(process.env.SLIPWAY_SOAK === "1")("a rollback of the infrastructure", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.open(atOnce);
  });

  afterAll(async () => {
    await lab?.close();
  });

  test("gives functions whose memory was cut their memory back, with the code that runs, and plans clean", async () => {
    const good = lab.repository.head();
    const bad = badInfrastructureOf("memory cut");
    await releaseBadly(lab, bad, atOnce);
    expect(await rollInfrastructureBack(lab, bad.accepts)).toBe(false);
    await expectInfrastructureBack(lab, good, "two");
  });
});
