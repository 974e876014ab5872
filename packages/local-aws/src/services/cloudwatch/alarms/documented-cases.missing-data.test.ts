import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CloudWatchHarness, cloudWatchHarness } from "../cloudwatch-harness.ts";
import { play, putAlarm } from "./alarm-timeline.ts";

// What AWS documents of missing data, row by row, through the service: data are put, the alarm is put, a minute passes.

const PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html";
const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;

/** Periods of the evaluation range, the latest last (0 within the threshold, X breaching, - missing), and the state by treatment. */
interface Table {
  readonly source: string;
  readonly needed: number;
  readonly rows: string;
}

const TABLES: readonly Table[] = [
  {
    source: `${PAGE}#alarms-evaluating-missing-data (first table: 3 out of 3)`,
    needed: 3,
    rows: `
      0 - X - X | OK OK OK OK
      0 - - - - | OK OK OK OK
      - - - - - | INSUFFICIENT_DATA keep ALARM OK
      0 X X - X | ALARM ALARM ALARM ALARM
      - - X - - | ALARM keep ALARM OK`,
  },
  {
    source: `${PAGE}#alarms-evaluating-missing-data (second table: 2 out of 3)`,
    needed: 2,
    rows: `
      0 - X - X | ALARM ALARM ALARM ALARM
      0 0 X 0 X | ALARM ALARM ALARM ALARM
      0 - X - - | OK OK ALARM OK
      - - - - 0 | OK OK ALARM OK
      - - - X - | ALARM keep ALARM OK`,
  },
  {
    // Not to ALARM at once; that there is too little to say OK is what the table of earlier editions of the page has.
    source: `${PAGE}#CloudWatch-alarms-avoiding-premature-transition (3 out of 3)`,
    needed: 3,
    rows: `
      - - - - X | INSUFFICIENT_DATA keep ALARM OK
      - - - X - | INSUFFICIENT_DATA keep ALARM OK
      - - - X 0 | OK OK OK OK
      - - X - 0 | OK OK OK OK
      - X X - - | ALARM keep ALARM OK
      X - - - - | ALARM keep ALARM OK`,
  },
];

const cases = TABLES.flatMap(({ source, needed, rows }) =>
  rows
    .trim()
    .split("\n")
    .flatMap((row) => {
      const [range = "", states = ""] = row.trim().split(" | ");
      return TREATMENTS.flatMap((treatment, column) =>
        // The state before shows what is kept, and that everything else does not depend on it.
        (["OK", "ALARM"] as const).map((before) => {
          const documented = states.split(" ")[column] as string;
          return {
            name: `${needed} of 3: ${range} with ${treatment} from ${before}`,
            range: range.split(" "),
            expected: documented === "keep" ? before : documented,
            ...{ source, needed, treatment, before },
          };
        }),
      );
    }),
);

const PERIOD = 300;
let states: Map<string, string | undefined>;

beforeAll(async () => {
  const aws = await cloudWatchHarness();
  const at = Math.floor(aws.core.clock.now() / 1000) + 60;
  for (const { name, range, needed, treatment, before } of cases) {
    const data = range.flatMap((point, index) => {
      const Timestamp = new Date((at - (range.length - index) * PERIOD) * 1000);
      return point === "-" ? [] : [{ MetricName: name, Value: point === "X" ? 9 : 1, Timestamp }];
    });
    if (data.length > 0) {
      await aws.call("PutMetricData", { Namespace: "Documented", MetricData: data });
    }
    await putAlarm(aws, {
      AlarmName: name,
      MetricName: name,
      Period: PERIOD,
      EvaluationPeriods: 3,
      DatapointsToAlarm: needed,
      TreatMissingData: treatment,
    });
    await aws.call("SetAlarmState", { AlarmName: name, StateValue: before, StateReason: "before" });
  }
  await aws.nextMinute();
  states = new Map();
  for (let NextToken: string | undefined; ; ) {
    const page = await aws.call("DescribeAlarms", { NextToken, MaxRecords: 100 });
    for (const { AlarmName = "", StateValue } of page.MetricAlarms ?? []) {
      states.set(AlarmName, StateValue);
    }
    NextToken = page.NextToken;
    if (NextToken === undefined) {
      break;
    }
  }
  await aws.dispose();
});

test.each(cases)("$name: $expected ($source)", ({ name, expected }) => {
  expect(states.get(name)).toBe(expected);
});

describe("over time", () => {
  let aws: CloudWatchHarness;
  beforeAll(async () => {
    aws = await cloudWatchHarness();
  });
  afterAll(() => aws.dispose());

  test.each([
    {
      name: "the one good point keeps the alarm OK while it is in the evaluation range, and not longer",
      source: `${PAGE}#alarms-evaluating-missing-data (below the first table)`,
      alarm: { EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: "breaching" },
      data: "1 - - - - -",
      states: "OK OK OK OK OK ALARM",
    },
    {
      name: "three real points are enough, however many are missing between them",
      source: `${PAGE}#alarms-evaluating-missing-data (fourth row)`,
      alarm: { EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: "notBreaching" },
      data: "9 - 9 - 9",
      states: "OK OK OK OK ALARM",
    },
    {
      name: "what is not said is 'missing'",
      source: `${PAGE} (The default behavior is missing)`,
      alarm: {},
      data: "1 - - -",
      states: "OK OK OK INSUFFICIENT_DATA",
    },
    {
      name: "the last points are evaluated again after the metric has stopped",
      source: `${PAGE}#alarms-evaluating-missing-data (Note)`,
      alarm: { EvaluationPeriods: 2, DatapointsToAlarm: 1, TreatMissingData: "notBreaching" },
      data: "9 1 - - - -",
      states: "ALARM ALARM ALARM ALARM OK OK",
    },
  ])("$name ($source)", async ({ name, alarm, data, states: expected }) => {
    await putAlarm(aws, { ...alarm, MetricName: name.slice(0, 20) });
    expect(await play(aws, data, { MetricName: name.slice(0, 20) })).toBe(expected);
    await aws.call("DeleteAlarms", { AlarmNames: ["documented"] });
  });
});
