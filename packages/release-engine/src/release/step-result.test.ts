import { describe, expect, it } from "vitest";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import { stepResult } from "./step-result.ts";

async function released(change: (result: unknown) => unknown = (result) => result): Promise<ReleaseRecord> {
  const { record } = await new ReleaseLab().deploy();
  return {
    ...record,
    steps: new Map([...record.steps].map(([id, step]) => [id, { ...step, result: change(step.result) }])),
  };
}

describe("stepResult", () => {
  it("finds what a step has left behind, by its kind, or by its id where there are several", async () => {
    const record = await released();
    expect(stepResult(record, "infrastructure.apply")).toMatchObject({ stateSerial: 2 });
    expect(stepResult(record, "code.publish", "code.publish.authorizer")).toMatchObject({
      functionName: "authorizer-prod",
      version: "2",
    });
  });

  it("is not asked for one of several, one that is not in the plan, or one that is not done", async () => {
    const record = await released();
    expect(() => stepResult(record, "code.publish")).toThrow("r1 has more than one step code.publish");
    expect(() => stepResult(record, "code.publish", "code.publish.x")).toThrow("no step code.publish.x");
    expect(() => stepResult(record, "checkpoint", "checkpoint.short")).toThrow("before it is done");
  });

  it("does not guess what another version of Slipway has written", async () => {
    const record = await released((result) => ({ ...(result as object), serial: "later" }));
    expect(() => stepResult(record, "infrastructure.apply")).toThrow(
      /of infrastructure\.apply cannot be read by this Slipway.*Why: {2}serial: .*another version of Slipway wrote it/s,
    );
  });
});
