import type { Evidence } from "@slipway/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ValidatedEnvironment, validatedEnvironment } from "./validation/validated-environment.ts";

let live: ValidatedEnvironment;

beforeAll(async () => {
  live = await validatedEnvironment();
});

afterAll(async () => {
  await live?.stop();
});

/** The checks that did not pass, each once: `extended.error-patterns fail`. */
function bad(evidence: readonly Evidence[]): string[] {
  const texts = evidence
    .filter(({ status }) => status !== "pass")
    .map(({ check, status }) => `${check.replace("validation.", "")} ${status}`);
  return [...new Set(texts)].sort();
}

// One day after the other: each is held against the one before.
describe("a validation of 24 hours of local AWS's clock", () => {
  test("knows of a release of five minutes that it is not a day old, and what that needs", async () => {
    await live.traffic(24, 130);
    await live.release();
    await live.traffic(1, 26);
    const { verdict, evidence } = await live.validate("--no-smoke");
    expect(verdict).toBe("unknown");
    expect(evidence.find(({ check }) => check === "validation.extended.window-complete")).toMatchObject({
      status: "unknown",
      found: expect.stringMatching(/^1 h of 24 h have passed: released .* \(version 2 of api-handler-dev\)/),
    });
    expect(evidence.find(({ check }) => check === "validation.extended.user-feedback")).toMatchObject({
      status: "unknown",
      next: expect.stringContaining("--sign-off 'YOUR NAME'"),
    });
  });

  test("passes a good day, line by line of the guide, by what was recorded", async () => {
    await live.traffic(23.2, 455);
    const { verdict, evidence, measurements } = await live.validate("--sign-off", "Jane Doe");
    expect(bad(evidence)).toEqual([]);
    expect(verdict).toBe("pass");
    expect(new Set(evidence.map(({ check }) => check).filter((check) => /^validation/.test(check))).size).toBe(19);
    expect(measurements.metrics).toMatchObject({
      value: {
        stages: [{ requests: expect.closeTo(480, -2), serverErrors: 0 }],
        namespaces: [{ namespace: "ItemsApi", withData: expect.any(Number) }],
      },
    });
    const alarms = evidence.filter(({ check }) => check.endsWith("alarms-functioning"));
    expect(alarms.map(({ subject }) => subject)).toEqual(["live-down", "live-duration", "live-throttles"]);
    expect(alarms.map(({ found }) => found).join()).toMatch(/put into ALARM, 1 of 1 actions ran, back in OK/);
  });

  test("names what was wrong on a bad one, and nothing else", async () => {
    await live.release();
    await live.traffic(12, 117);
    await live.withoutRights(() => live.traffic(1, 195, { mayFail: true }));
    await live.slipway("local", "faults", "add", "--kind", "throttle", "--service", "dynamodb", "--rate", "0.3");
    await live.traffic(1, 39, { mayFail: true });
    await live.slipway("local", "faults", "clear");
    await live.slipway("local", "faults", "add", "--kind", "delay", "--delay", "1100ms", "--service", "dynamodb");
    await live.traffic(1, 52);
    await live.slipway("local", "faults", "clear");
    await live.traffic(9.2, 91);

    const { verdict, evidence } = await live.validate("--sign-off", "Jane Doe", "--feedback", "negative");

    expect(verdict).toBe("fail");
    expect(bad(evidence)).toEqual([
      "extended.error-patterns fail",
      "extended.performance-stable fail",
      "extended.user-feedback fail",
      "immediate.no-error-spike fail",
      "immediate.table-operations fail",
      "short.error-rate fail",
      "short.no-throttling fail",
      "short.response-time fail",
    ]);
    expect(evidence.find(({ check }) => check.endsWith("error-patterns"))?.found).toMatch(/AccessDenied.*\(new, /);
  });
});
