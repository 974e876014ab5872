import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCESS_GROUP, FIRST_STREAM, FUNCTION_GROUP, SECOND_STREAM } from "./test/log-lines.ts";
import { type QueryFixture, queryFixture } from "./test/query-fixture.ts";

// The queries that people of this project really have: those that Terraform saves, word for word from its file, and the guide's.

const file = join(import.meta.dirname, "../../../../../../infrastructure/modules/monitoring/queries.tf");

let fixture: QueryFixture;
let saved: Map<string, string>;

beforeAll(() => {
  fixture = queryFixture();
  const blocks = readFileSync(file, "utf8").matchAll(
    /"([^"]+)" = \{\s+groups = [^\n]+\n\s+text\s+= <<-EOT\n([\s\S]*?)\n\s+EOT/g,
  );
  saved = new Map([...blocks].map(([, name = "", text = ""]) => [name, text.replace(/^ {8}/gm, "")]));
});

afterAll(() => fixture.dispose());

test("these are all saved queries", () => {
  expect([...saved.keys()]).toEqual(["Error Analysis", "Performance Analysis", "Request Analysis"]);
});

test("Error Analysis counts errors by class and operation, with what Lambda ended", () => {
  const { rows } = fixture.run(saved.get("Error Analysis") ?? "", FUNCTION_GROUP);
  const once = (error: object, last: string) => ({ ...error, errors: "1", instances: "1", last: `2026-11-28 ${last}` });
  expect(rows).toEqual([
    once({ class: "TypeError", operation: "getItem" }, "08:15:00.000"),
    once({ class: "Runtime.ExitError" }, "08:10:04.000"),
    once({ class: "ended by Lambda" }, "08:10:03.000"),
    once({ class: "ThrottlingException", operation: "listItems" }, "08:05:01.100"),
  ]);
});

test("Performance Analysis has calls, cold starts, durations and memory by five minutes", () => {
  const { rows } = fixture.run(saved.get("Performance Analysis") ?? "", FUNCTION_GROUP);
  const one = (time: string, cold: string, ms: string, maxMB: string) => ({
    ...{ period: `2026-11-28 ${time}:00.000`, calls: "1", cold, maxMB },
    ...{ average: ms, p50: ms, p99: ms, slowest: ms },
  });
  expect(rows).toEqual([
    one("08:10", "0", "3000", "97"),
    one("08:05", "1", "125", "96"),
    {
      ...{ period: "2026-11-28 08:00:00.000", calls: "2", cold: "1", average: "29.06", p50: "6.02" },
      ...{ p99: "52.1", slowest: "52.1", maxMB: "81" },
    },
  ]);
});

test("Request Analysis has requests and latencies by five minutes and class of status", () => {
  const { rows } = fixture.run(saved.get("Request Analysis") ?? "", ACCESS_GROUP);
  const at = (time: string, name: string, requests: string, latencies: object) => ({
    ...{ period: `2026-11-28 ${time}:00.000`, class: name, requests },
    ...latencies,
  });
  expect(rows).toEqual([
    at("08:10", "5xx", "1", {}),
    at("08:05", "2xx", "1", { p50: "100", p99: "100" }),
    at("08:05", "5xx", "1", { p50: "130", p99: "130" }),
    at("08:00", "2xx", "2", { p50: "9", p99: "55" }),
    at("08:00", "4xx", "1", { p50: "12", p99: "12" }),
  ]);
});

test("the guide's own queries run, and give what they ask for", () => {
  const errors =
    "fields @timestamp, @message, @logStream\n| filter @message like /ERROR/\n| stats count() by @logStream";
  expect(fixture.run(errors, FUNCTION_GROUP).rows).toEqual([
    { "@logStream": FIRST_STREAM, "count()": "1" },
    { "@logStream": SECOND_STREAM, "count()": "1" },
  ]);
  const durations = "fields @duration\n| stats avg(@duration), max(@duration), pct(@duration, 99) by bin(5m)";
  expect(fixture.run(durations, FUNCTION_GROUP).rows).toEqual([
    // Bins without a REPORT line have no durations.
    { "bin(5m)": "2026-11-28 08:15:00.000" },
    ...["3000", "125"].map((ms, index) => ({
      ...{ "bin(5m)": `2026-11-28 08:${index === 0 ? "10" : "05"}:00.000`, "avg(@duration)": ms },
      ...{ "max(@duration)": ms, "pct(@duration, 99)": ms },
    })),
    {
      "bin(5m)": "2026-11-28 08:00:00.000",
      "avg(@duration)": "29.06",
      "max(@duration)": "52.1",
      "pct(@duration, 99)": "52.1",
    },
  ]);
  // No line has a statusCode, which is why the saved query is another.
  const requests =
    "fields @timestamp, @message, statusCode\n| stats count() as requests, avg(statusCode) as avg_status by bin(5m)";
  expect(
    fixture.run(requests, FUNCTION_GROUP).rows.map(({ requests: count, avg_status }) => [count, avg_status]),
  ).toEqual([
    ["1", undefined],
    ["5", undefined],
    ["5", undefined],
    ["9", undefined],
  ]);
});
