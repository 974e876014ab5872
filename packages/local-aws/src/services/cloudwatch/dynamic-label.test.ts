import { expect, test } from "vitest";
import { checkLabel, fillLabel, readTimezone } from "./dynamic-label.ts";
import type { TimeSeries } from "./metric-math/values.ts";

const START = Date.UTC(2026, 10, 28, 9, 0) / 1000;
const metric = { namespace: "AWS/Lambda", name: "Duration", dimensions: { FunctionName: "items" } };
const series: TimeSeries = {
  id: "m1",
  label: "Duration",
  period: 60,
  points: new Map([4, 1 / 3, 10, 2].map((value, minute) => [START + minute * 60, value])),
  source: { metric, statistic: "p99", period: 60 },
};
const context = { now: (START + 7265) * 1000, offsetMinutes: 0, accountId: "000000000000", region: "eu-west-1" };
/** A label with its dynamic parts written in angle brackets. */
const label = (text: string): string => text.replace(/<([^>]*)>/g, (_, part) => `$\{${part}}`);

test.each([
  ["[max: <MAX> Errors for Function Name <LABEL>]", "[max: 10 Errors for Function Name Duration]"],
  ["<AVG> <SUM> <MIN> <DATAPOINT_COUNT>", "4.0833 16.3333 0.3333 4"],
  ["<FIRST> <LAST> <FIRST_LAST_RANGE> <MIN_MAX_RANGE>", "4 2 -2 9.6667"],
  ["<FIRST_TIME>/<LAST_TIME>", "2026-11-28 09:00:00 UTC/2026-11-28 09:03:00 UTC"],
  ["<MAX_TIME>/<MIN_TIME>", "2026-11-28 09:02:00 UTC/2026-11-28 09:01:00 UTC"],
  ["<FIRST_TIME_RELATIVE>, <LAST_TIME_RELATIVE>", "2h 1m 5s, 1h 58m 5s"],
  ["<MAX_TIME_RELATIVE>, <MIN_TIME_RELATIVE>", "1h 59m 5s, 2h 5s"],
  ["<FIRST_LAST_TIME_RANGE>, <MIN_MAX_TIME_RANGE>", "3m, 1m"],
  ["<PROP('MetricName')> <PROP('Namespace')> <PROP('Stat')> <PROP('Period')>", "Duration AWS/Lambda p99 60"],
  ["<PROP('AccountId')> <PROP('Region')>", "000000000000 eu-west-1"],
  ["<PROP('Dim.FunctionName')> <PROP('Dim.Stage')>", "items --"],
])("%s is %s", (text, expected) => {
  checkLabel(label(text), "Label");
  expect(fillLabel(label(text), series, context)).toBe(expected);
});

test("of a series without points, statistics are nothing", () => {
  const empty = { ...series, points: new Map(), source: undefined };
  expect(fillLabel(label("<MAX> <LAST_TIME> <DATAPOINT_COUNT> <PROP('Stat')>"), empty, context)).toBe("-- -- 0 --");
});

test.each([
  ["<MEDIAN>", "there is no dynamic value"],
  ["<PROP('Dim.')>", "there is no dynamic value"],
  ["<LABEL> <LABEL>", "more than once"],
  ["<MAX><MIN><AVG><SUM><FIRST><LAST>", "more than 5 dynamic statistics"],
])("%s is refused: %s", (text, message) => {
  expect(() => checkLabel(label(text), "MetricDataQueries.member.1.Label")).toThrow(message);
});

test("a name of 255 characters can be asked for; parts without an end are text, however many there are", () => {
  const name = "n".repeat(255);
  const source = { metric: { ...metric, dimensions: { [name]: "value" } }, statistic: "Sum", period: 60 };
  expect(fillLabel(label(`<PROP('Dim.${name}')>`), { ...series, source }, context)).toBe("value");
  const many = `$\{x`.repeat(100_000);
  const began = performance.now();
  checkLabel(many, "Label");
  expect(fillLabel(many, series, context)).toBe(many);
  // Some tens of milliseconds; in quadratic time it is a minute.
  expect(performance.now() - began).toBeLessThan(5_000);
});

test.each([
  [undefined, 0],
  ["+0130", 90],
  ["-0800", -480],
])("the time zone %s is %d minutes ahead", (timezone, minutes) => {
  expect(readTimezone(timezone)).toBe(minutes);
});
