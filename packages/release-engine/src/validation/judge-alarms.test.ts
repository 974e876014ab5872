import { type Evidence, validationConfigSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { judgeValidation } from "./judge-validation.ts";
import { goodConfig, goodMeasurements, goodParts } from "./test/good-measurements.ts";

const { alarm } = goodParts;

/** What is said of the one alarm of a good day, which is otherwise as given. */
function judge(looked: typeof alarm, config = goodConfig()): readonly Evidence[] {
  const measurements = goodMeasurements("extended", { alarm: looked });
  const makeTraffic = "slipway local traffic prod --over 24h";
  return judgeValidation({ measurements, config, flags: " --local", makeTraffic }).filter(
    ({ check, status }) => status !== "pass" || check === "validation.extended.alarms-functioning",
  );
}

describe("all monitoring alerts are functioning", () => {
  it("an alarm on AWS, where none is exercised: by its actions, its state and how it came into it", () => {
    const seen = (observed: Partial<NonNullable<typeof alarm.observed>>) => {
      const looked = { ...alarm, drill: null, observed: alarm.observed && { ...alarm.observed, ...observed } };
      return judge(looked);
    };
    expect(seen({})).toMatchObject([
      {
        status: "pass",
        found: expect.stringMatching(/^OK since .*; Alarm updated from INSUFFICIENT_DATA to OK, /),
      },
    ]);
    expect(seen({ state: "ALARM" })).toMatchObject([{ status: "fail", found: expect.stringMatching(/^ALARM since /) }]);
    expect(seen({ actionsEnabled: false })).toMatchObject([
      { status: "fail", found: expect.stringMatching(/^its actions are off; /) },
    ]);
    expect(seen({ alarmActions: [] })).toMatchObject([
      { status: "fail", found: expect.stringMatching(/^it tells nobody/) },
    ]);
  });

  it("an alarm that rings for what no release is to blame for: it functions, unless something else is wrong with it", () => {
    const excusing = validationConfigSchema.parse({ ...goodConfig(), alarmsNotAboutReleases: ["orders-*"] });
    const seen = (observed: Partial<NonNullable<typeof alarm.observed>>, drill = alarm.drill) => {
      const looked = {
        ...alarm,
        drill,
        observed: alarm.observed && { ...alarm.observed, state: "ALARM", ...observed },
      };
      return judge(looked as typeof alarm, excusing);
    };
    const rings = /^ALARM since .*: .*; no release is to blame for it \(validation\.alarmsNotAboutReleases\)/;
    for (const drill of [null, alarm.drill]) {
      expect(seen({}, drill)).toMatchObject([{ status: "pass", found: expect.stringMatching(rings) }]);
    }
    expect(seen({}, null)[0]).not.toHaveProperty("next");
    expect(seen({ actionsEnabled: false })).toMatchObject([
      { status: "fail", found: expect.stringMatching(/^its actions are off; ALARM since /) },
    ]);
    expect(seen({ alarmActions: [] })).toMatchObject([
      { status: "fail", found: expect.stringMatching(/^it tells nobody, .*; ALARM since /) },
    ]);
    const deaf = {
      goesOff: true,
      recovers: true,
      actions: [{ action: "topic", succeeded: false }],
      found: "tried out",
    };
    expect(seen({}, { value: deaf })).toMatchObject([
      { status: "fail", found: expect.stringMatching(/^topic was not told: ALARM since .*; tried out$/) },
    ]);
  });

  it("an alarm that cannot be exercised, or that has never had data on AWS", () => {
    const undrilled = { ...alarm, drill: { unknown: "local AWS is gone" } };
    const silent = {
      ...alarm,
      drill: null,
      observed: alarm.observed && { ...alarm.observed, state: "INSUFFICIENT_DATA" as const },
    };
    const expected = validationConfigSchema.parse({ ...goodConfig(), alarmsWithoutData: ["orders-*"] });
    expect(judge(silent, expected)).toMatchObject([{ status: "pass" }]);
    for (const each of [undrilled, silent]) {
      expect(judge(each)).toMatchObject([{ check: "validation.extended.alarms-functioning", status: "unknown" }]);
    }
  });
});
