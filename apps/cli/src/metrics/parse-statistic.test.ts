import { expect, test } from "vitest";
import { parseStatistic } from "./parse-statistic.ts";

test.each([
  ["Sum", "Sum"],
  ["average", "Average"],
  ["SAMPLECOUNT", "SampleCount"],
  ["iqm", "IQM"],
  ...["p50", "p99.9", "p100", "tm90", "TM(10%:90%)", "TC(1000:)", "TS(:0.5)", "PR(:1000)", "WM(150:1000)"].map(
    (text) => [text, text],
  ),
])("%s", (text, statistic) => {
  expect(parseStatistic("--stat", text)).toBe(statistic);
});

test.each(["", "median", "p", "p101", "99", "TC", "TC(1000)", "PR(1:2", "errors"])("'%s' is none", (text) => {
  expect(() => parseStatistic("--stat", text)).toThrow(`--stat: '${text}' is no statistic of CloudWatch. Give Sum, `);
});
