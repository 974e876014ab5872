import type { Evidence } from "@slipway/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ValidatedEnvironment, validatedEnvironment } from "./validation/validated-environment.ts";

const HOUR_MS = 3_600_000;

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

/** Names of the items that are there. */
async function items(): Promise<string[]> {
  const answer = (await (await fetch(`${live.url}/items?limit=100`)).json()) as { items: { name: string }[] };
  return answer.items.map(({ name }) => name);
}

async function aheadMs(): Promise<number> {
  return (await live.localAws.control<{ clockOffsetMs: number }>("GET", "clock")).clockOffsetMs;
}

test("traffic that is interrupted deletes what it has made, moves the clock by whole steps, and says how to send the rest", async () => {
  const before = await aheadMs();
  const stop = new AbortController();
  const words = ["local", "traffic", "live", "--over", "9h", "--requests", "351", "--step", "1h"];
  const traffic = live.interrupted(stop.signal, ...words);
  await expect.poll(aheadMs, { interval: 20 }).toBeGreaterThan(before);
  // Slow enough for the runs to be seen with their items made and not deleted.
  await live.withFaults([{ kind: "delay", service: "dynamodb", delayMs: 150 }], async () => {
    await expect.poll(items, { interval: 20 }).not.toEqual([]);
    stop.abort();
    const { code, stdout, stderr } = await traffic;
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).toContain("; what it had made is cleaned up");
    const steps = Number(/after (\d+) of 9 steps/.exec(stderr)?.[1]);
    const over = Number(/for the rest: slipway local traffic live --over (\d+)m/.exec(stderr)?.[1]);
    expect(steps, stderr).toBeGreaterThan(0);
    expect(over).toBe((9 - steps) * 60);
    expect((await aheadMs()) - before).toBe(steps * HOUR_MS);
  });
  expect(await items()).toEqual([]);
});

// One day after the other: each is held against the one before.
describe("a validation of 24 hours of local AWS's clock", () => {
  test("knows of a release of an hour that it is not a day old, and what that needs", async () => {
    await live.release();
    await live.localAws.control("POST", "clock", { advanceMs: HOUR_MS });
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
    await live.traffic(23.2, 416);
    const { verdict, evidence, measurements } = await live.validate("--sign-off", "Jane Doe");
    expect(bad(evidence), JSON.stringify(evidence.filter(({ status }) => status !== "pass"))).toEqual([]);
    expect(verdict).toBe("pass");
    expect(new Set(evidence.map(({ check }) => check).filter((check) => /^validation/.test(check))).size).toBe(19);
    expect(measurements.metrics).toMatchObject({
      value: {
        stages: [{ requests: expect.closeTo(416, -2), serverErrors: 0 }],
        namespaces: [{ namespace: "ItemsApi", withData: expect.toSatisfy((count: number) => count > 0) }],
      },
    });
    const alarms = evidence.filter(({ check }) => check.endsWith("alarms-functioning"));
    expect(alarms.map(({ subject }) => subject)).toEqual(["live-down", "live-duration", "live-throttles"]);
    // The one about throttles speaks through the one that says that all is down.
    for (const { subject, found } of alarms) {
      const acted = subject === "live-throttles" ? "it has no actions in ALARM" : "1 of 1 actions ran";
      expect(found).toContain(`put into ALARM, ${acted}, back in OK`);
    }
  });

  test("names what was wrong on a bad one, and nothing else", async () => {
    await live.release();
    await live.traffic(12, 78);
    await live.withoutRights(() => live.traffic(1, 130, { mayFail: true }));
    const faults = [
      { kind: "throttle", service: "dynamodb", remaining: 1 },
      { kind: "delay", service: "dynamodb", delayMs: 1_500 },
    ] as const;
    await live.withFaults(faults, async () => {
      for (let round = 0; round < 3; round += 1) {
        await Promise.all(Array.from({ length: 7 }, items));
      }
    });
    await live.traffic(11.2, 52);

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
