import type { ValidationProbe } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { MonitoredResources } from "../monitoring/monitored-resources.ts";
import { findLoggedRequest } from "./find-logged-request.ts";
import { type FakeLine, fakeLogs } from "./test/fake-observers.ts";

const ID = "4c8ee4a1-0000-4000-8000-000000000001";
const CALL = "9d2f1c70-0000-4000-8000-000000000002";
const START = Date.parse("2026-11-28T12:00:00Z");

const probe: ValidationProbe = {
  ...{ name: "the API answers", method: "GET", path: "/health", expected: [200], expectedCors: {}, status: 200 },
  ...{ durationMs: 10, requestId: ID, cors: {} },
};
const resources: MonitoredResources = {
  functions: [
    { name: "orders", logGroup: "/aws/lambda/orders", aliases: ["live"], timeoutSeconds: 10, memoryMb: 128 },
    { name: "authorizer", logGroup: "/aws/lambda/authorizer", aliases: ["live"], timeoutSeconds: 10, memoryMb: 128 },
  ],
  stages: [{ apiId: "a1", apiName: "orders", stage: "prod", accessLogGroup: "/access" }],
  ...{ tables: [], queues: [], logGroups: [], alarms: [], dashboards: [], queries: [] },
};

function find(lines: FakeLine[], change: Partial<Parameters<typeof findLoggedRequest>[1]> = {}) {
  const clock = new ManualClock(START);
  return findLoggedRequest(
    { logs: fakeLogs(lines), clock },
    { probes: [probe], resources, sentAt: START, withinMs: 5_000, ...change },
  );
}

const access = (message: string) => ({ group: "/access", at: START + 100, message });
const logged = (message: string) => ({ group: "/aws/lambda/orders", at: START + 100, message });

describe("findLoggedRequest", () => {
  it("finds it by the gateway's id, in one log of each kind", async () => {
    const { groups, requestId } = await find([access(`{"requestId":"${ID}"}`), logged(`{"requestId":"${ID}"}`)]);
    expect(requestId).toBe(ID);
    expect(groups.map(({ group, afterMs }) => [group, afterMs === null])).toEqual([
      ["/access", false],
      ["/aws/lambda/orders", false],
      ["/aws/lambda/authorizer", true],
    ]);
  });

  it("finds it in the log of a function that knows its own id only: the access log knows both", async () => {
    const both = `{"requestId":"${ID}","integrationRequestId":"${CALL}"}`;
    const { groups } = await find([access(both), logged(`START RequestId: ${CALL} Version: 7`)]);
    expect(groups[1]?.afterMs).not.toBeNull();
  });

  it("gives up after its time, and says where it was", async () => {
    const { groups } = await find([access(`{"requestId":"${ID}"}`), logged("another request")]);
    expect(groups.map(({ afterMs }) => afterMs === null)).toEqual([false, true, true]);
  });

  it("looks less and less often, in waits that a clock which is moved can pass over", async () => {
    const clock = new ManualClock(START);
    const waits: number[] = [];
    const counting = {
      now: () => clock.now(),
      sleep(milliseconds: number) {
        waits.push(milliseconds);
        return clock.sleep(milliseconds);
      },
    };
    await findLoggedRequest(
      { logs: fakeLogs([]), clock: counting },
      { probes: [probe], resources, sentAt: START, withinMs: 60_000 },
    );
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 28_500]);
  });

  it("names the stages that log nothing", async () => {
    const [stage] = resources.stages;
    const { withoutAccessLog, groups } = await find([logged(ID)], {
      resources: { ...resources, stages: [{ apiId: "a1", apiName: stage?.apiName ?? "", stage: "prod" }] },
    });
    expect(withoutAccessLog).toEqual(["orders prod"]);
    expect(groups[0]).toMatchObject({ group: "/aws/lambda/orders", kind: "function" });
  });

  it("has nothing to look for where no answer has an id", async () => {
    await expect(find([], { probes: [{ ...probe, requestId: null }] })).rejects.toThrow(
      "No request can be looked for in the logs",
    );
  });
});
