import { describe, expect, it } from "vitest";
import { API, alarm, NOW, ringing, stage, times } from "./test/healthy-measurements.ts";
import { idsOf as ids, signalsOf as signals } from "./test/judged.ts";

describe("alarms", () => {
  const rate = { metric: "errors", watches: [`api ${API}`], observed: ringing() } as const;

  it("are taken at their word where nobody knows better", () => {
    expect(ids({ alarms: { value: [alarm("dead-letters", { observed: ringing() })] } })).toEqual([
      "alarm alarm dead-letters",
    ]);
    const often = alarm("dead-letters", { observed: ringing(), wentOff: 12 });
    expect(signals({ alarms: { value: [often] } })[0]?.what).toContain(", 12 times within a day: the threshold");
    expect(ids({ alarms: { value: [alarm("api-5xx", rate)] }, stages: { unknown: "down" } })).toEqual([
      "alarm alarm api-5xx",
    ]);
  });

  it("are not where the numbers may be chance, with those that look at them", () => {
    const found = signals({
      stages: { value: [stage({ errors: 1 }, ...times(5, {}), { errors: 1 })] },
      alarms: { value: [alarm("down", { children: ["api-5xx"], observed: ringing() }), alarm("api-5xx", rate)] },
    });

    expect(found.map(({ id, aside }) => [id, aside])).toEqual([
      ["alarm alarm api-5xx", "its numbers may be chance: 2 of 3,000 failed in half an hour"],
      ["alarm alarm down", "its numbers may be chance: 2 of 3,000 failed in half an hour"],
    ]);
  });

  it("are not where they look back to what is over", () => {
    const errors = [...times(10, { errors: 60 }), ...times(5, {}), { errors: 6 }];
    const [found] = signals({ stages: { value: [stage(...errors)] }, alarms: { value: [alarm("api-5xx", rate)] } });

    expect(found?.aside).toBe("it looks further back: 6 of 500 in the last minutes are good numbers again");
  });

  it.each<[string, Parameters<typeof alarm>[1], string]>([
    ["missing", { observed: null }, "is not there"],
    ["disabled", { observed: { ...ringing(), state: "OK", actionsEnabled: false } }, "is disabled"],
    ["without actions", { observed: { ...ringing(), state: "OK", actions: 0 } }, "would tell 0 of the 1"],
    ["whose action failed", { failedActions: [{ at: NOW, why: "the topic is gone" }] }, "the topic is gone"],
  ])("that are %s do not watch", (_, rest, what) => {
    const alarms = { value: [alarm("api-5xx", rest)] };
    const during = {
      ...{ lease: null, unfinished: null },
      rollout: { release: "r5", state: "judged", versions: [], changesInfrastructure: true },
    } as const;

    expect(signals({ alarms })).toMatchObject([
      { id: "monitoring alarm api-5xx", what: expect.stringContaining(what) },
    ]);
    expect(ids({ alarms, operations: during })).toEqual(["(monitoring alarm api-5xx)"]);
  });

  it("speak of a backup where that is what was given up, as bad as the alarm says, whatever else is going on", () => {
    const observed = { ...ringing(), severity: 4 } as const;
    const dropped = alarm("items-backups", {
      ...{ metric: "dropped-backups", watches: ["schedule-group items-backup"], observed },
    });
    const failing = { value: [stage(...times(5, { errors: 90 }))] };

    expect(signals({ alarms: { value: [dropped] } })).toMatchObject([
      { id: "backup alarm items-backups", kind: "backup", severity: 4, what: expect.stringContaining("is in ALARM") },
    ]);
    expect(signals({ alarms: { value: [dropped] } })[0]).not.toHaveProperty("aside");
    expect(ids({ alarms: { value: [dropped] }, stages: failing })).toContain("backup alarm items-backups");
  });

  it("need no action where the state gives them none", () => {
    expect(
      ids({
        alarms: {
          value: [
            alarm("part", {
              expectedActions: 0,
              observed: { ...ringing(), state: "OK", actions: 0, actionsEnabled: false },
            }),
          ],
        },
      }),
    ).toEqual([]);
  });
});
