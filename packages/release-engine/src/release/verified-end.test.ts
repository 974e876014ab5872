import { describe, expect, it } from "vitest";
import { fakeHandlers } from "../test/fake-handlers.ts";
import { ReleaseLab } from "../test/release-lab.ts";
import type { StepHandlers } from "./step-handler.ts";

/** Handlers that find things bad, or cannot see, once the traffic is back. */
function finding(lab: ReleaseLab, found: { readonly bad?: string[]; readonly unknown?: string[] }): StepHandlers {
  const { bad = [], unknown = [] } = found;
  const verdict = bad.length > 0 ? "fail" : "unknown";
  return {
    ...fakeHandlers(lab.world),
    "traffic.verify": async () => ({
      ...{ outcome: "done", summary: verdict, result: { verdict, bad, unknown, functions: [] } },
    }),
  };
}

describe("the end of a rollback", () => {
  it.each([
    [{ bad: ["9 of 10 calls failed"] }, "and that is bad: 9 of 10 calls failed", "release-failed"],
    [{ unknown: ["how the API is"] }, "nobody knows how the API is", "release-succeeded"],
  ] as const)("does not say that it answers where %j was found", async (found, says, moment) => {
    const lab = new ReleaseLab();
    for (let release = 1; release <= 3; release += 1) {
      await lab.deploy();
    }
    lab.told.length = 0;
    const handlers = finding(lab, { ...("bad" in found ? { bad: [...found.bad] } : { unknown: [...found.unknown] }) });
    const { record } = await lab.rollBack({ to: "r1", handlers });
    expect(record).toMatchObject({ state: "live", reason: expect.stringContaining(says) });
    expect(record.reason).not.toContain("it answers");
    expect(lab.told.at(-1)).toMatchObject({ moment, text: expect.stringContaining(says) });
  });

  it("tells people what is bad after a release was put back, too", async () => {
    const lab = new ReleaseLab();
    await lab.deploy();
    await lab.deploy();
    await lab.rollBack({ handlers: finding(lab, { bad: ["9 of 10 calls failed"] }) });
    expect(lab.told.at(-1)).toMatchObject({
      moment: "release-put-back",
      text: expect.stringContaining("BAD since: 9 of 10"),
    });
  });
});
