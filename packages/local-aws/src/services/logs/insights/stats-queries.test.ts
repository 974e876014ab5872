import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCESS_GROUP, FIRST_STREAM, FUNCTION_GROUP, PLAIN_GROUP, SECOND_STREAM } from "./test/log-lines.ts";
import { column, type QueryCase } from "./test/query-cases.ts";
import { type QueryFixture, queryFixture } from "./test/query-fixture.ts";

let fixture: QueryFixture;

beforeAll(() => {
  fixture = queryFixture();
});

afterAll(() => fixture.dispose());

// Durations: 52.1, 6.02, 125 and 3000; billed: 53, 7, 125 and 3000; memory used: 80, 81, 96 and 97 MB.
describe("aggregations of a function's lines", () => {
  test.each<QueryCase>([
    ["stats count()", column("count()", "20")],
    ["stats count(*)", column("count(*)", "20")],
    ["stats count(@duration)", column("count(@duration)", "4")],
    ["STATS COUNT(*) AS n", column("n", "20")],
    ["stats sum(@billedDuration)", column("sum(@billedDuration)", "3185")],
    ["stats avg(@duration)", column("avg(@duration)", "795.78")],
    ["stats avg(@billedDuration)", column("avg(@billedDuration)", "796.25")],
    ["stats min(@duration), max(@duration)", [{ "min(@duration)": "6.02", "max(@duration)": "3000" }]],
    ["stats pct(@duration, 50) as p50", column("p50", "52.1")],
    [
      "stats pct(@duration, 99) as p99, pct(@duration, 75) as p75, pct(@duration, 0) as p0",
      [{ p99: "3000", p75: "125", p0: "6.02" }],
    ],
    ["stats median(@billedDuration) as m, percentile(@billedDuration, 51) as p51", [{ m: "53", p51: "125" }]],
    ["stats stddev(@maxMemoryUsed / 1000 / 1000) as spread", column("spread", "8.0156")],
    ["stats max(@maxMemoryUsed / 1000 / 1000) as memoryMB", column("memoryMB", "97")],
    ["stats max(@memorySize / 1024 / 1024) as mebibytes", column("mebibytes", "244.1406")],
    ["stats sum(@billedDuration) / count(@billedDuration) as mean", column("mean", "796.25")],
    [
      "stats sum(@missing) as s, avg(@missing) as a, min(@missing) as m, pct(@missing, 50) as p, count(@missing) as c",
      column("c", "0"),
    ],
    ["stats count_distinct(@requestId) as requests", column("requests", "4")],
    [
      "stats count_distinct(operation), count_distinct(error.name)",
      [{ "count_distinct(operation)": "3", "count_distinct(error.name)": "2" }],
    ],
    ["stats min(@timestamp) as first, max(@timestamp) as last", [{ first: "1795852800000", last: "1795853700000" }]],
    ["stats fromMillis(max(@timestamp)) as last", column("last", "2026-11-28 08:15:00.000")],
    ["stats max(@timestamp) - min(@timestamp) as span", column("span", "900000")],
    ["stats earliest(operation) as first, latest(operation) as last", [{ first: "createItem", last: "getItem" }]],
    [
      "stats earliest(@timestamp) as first, latest(@timestamp) as last",
      [{ first: "1795852800000", last: "1795853700000" }],
    ],
    ["stats sortsFirst(operation) as a, sortsLast(operation) as z", [{ a: "createItem", z: "listItems" }]],
    ["stats min(operation) as a, max(operation) as z", [{ a: "createItem", z: "listItems" }]],
    ["filter status > 599 | stats count(*)", []],
    [
      "stats count(*) as n by @logStream",
      [
        { "@logStream": FIRST_STREAM, n: "10" },
        { "@logStream": SECOND_STREAM, n: "10" },
      ],
    ],
    [
      "stats count(*) as n by @type | sort n desc, @type",
      [{ n: "8" }, { "@type": "END", n: "4" }, { "@type": "REPORT", n: "4" }, { "@type": "START", n: "4" }],
    ],
    [
      "filter @type = 'REPORT' | stats count(*) as calls, count(@initDuration) as cold by bin(5m)",
      [
        { "bin(5m)": "2026-11-28 08:10:00.000", calls: "1", cold: "0" },
        { "bin(5m)": "2026-11-28 08:05:00.000", calls: "1", cold: "1" },
        { "bin(5m)": "2026-11-28 08:00:00.000", calls: "2", cold: "1" },
      ],
    ],
    [
      "stats count() by bin(5m)",
      [
        { "bin(5m)": "2026-11-28 08:15:00.000", "count()": "1" },
        { "bin(5m)": "2026-11-28 08:10:00.000", "count()": "5" },
        { "bin(5m)": "2026-11-28 08:05:00.000", "count()": "5" },
        { "bin(5m)": "2026-11-28 08:00:00.000", "count()": "9" },
      ],
    ],
    [
      "stats count(*) as n by bin(1h) as hour, ispresent(operation) as own | sort own",
      [
        { hour: "2026-11-28 08:00:00.000", own: "0", n: "15" },
        { hour: "2026-11-28 08:00:00.000", own: "1", n: "5" },
      ],
    ],
    [
      "stats count(*) as n by status >= 500, level | sort n desc | limit 3",
      [
        { "status >= 500": "0", n: "15" },
        { "status >= 500": "0", level: "INFO", n: "2" },
        { "status >= 500": "0", level: "ERROR", n: "1" },
      ],
    ],
    [
      "stats avg(durationMs) as ms by operation | filter ms > 5 and ispresent(operation) | sort ms",
      [
        { operation: "createItem", ms: "48.3" },
        { operation: "listItems", ms: "120.5" },
      ],
    ],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, FUNCTION_GROUP).rows).toEqual(rows);
  });
});

describe("what comes after stats", () => {
  test.each<QueryCase>([
    ["stats count(*) as n by @logStream | sort n desc | limit 1", [{ "@logStream": "a", n: "9" }]],
    ["stats count(*) by @logStream | sort count(*) desc | limit 1", [{ "@logStream": "a", "count(*)": "9" }]],
    ["stats count(*) by @logStream | sort COUNT( * ) | limit 1", [{ "@logStream": "b", "count(*)": "3" }]],
    ["stats count(*) by @logStream | filter `count(*)` > 5", [{ "@logStream": "a", "count(*)": "9" }]],
    [
      "stats count(*) as n by bin(10s) | sort bin(10s) asc",
      [
        { "bin(10s)": "2026-11-28 08:00:00.000", n: "10" },
        { "bin(10s)": "2026-11-28 08:00:10.000", n: "2" },
      ],
    ],
    ["stats count(*) as n by @logStream | display n", column("n", "9", "3")],
    [
      "stats count(*) as n by @logStream | fields n * 2 as twice, @logStream | sort twice",
      [
        { twice: "6", "@logStream": "b" },
        { twice: "18", "@logStream": "a" },
      ],
    ],
    ["stats count(*) as n by @logStream | dedup n | limit 1", [{ "@logStream": "a", n: "9" }]],
    [
      "stats count(*) as n by bin(1s) as second, @logStream | stats max(n) as most, count(*) as seconds by @logStream",
      [
        { "@logStream": "a", most: "1", seconds: "9" },
        { "@logStream": "b", most: "1", seconds: "3" },
      ],
    ],
    [
      "stats count(*) as n by bin(1s) as @timestamp | stats sum(n) as n by bin(10s) | sort n",
      [
        { "bin(10s)": "2026-11-28 08:00:10.000", n: "2" },
        { "bin(10s)": "2026-11-28 08:00:00.000", n: "10" },
      ],
    ],
    [
      "stats count(*) as n by @logStream as stream | parse stream /(?<letter>.)/ | sort letter desc",
      [
        { stream: "b", n: "3", letter: "b" },
        { stream: "a", n: "9", letter: "a" },
      ],
    ],
    ["limit 3 | stats count(*)", column("count(*)", "3")],
    ["sort v desc | limit 2 | stats sum(v) as s", column("s", "19.5")],
    ["stats sum(v), avg(v), count(v)", [{ "sum(v)": "16.5", "avg(v)": "5.5", "count(v)": "6" }]],
    [
      "stats min(v) as low, max(v) as high, sortsFirst(v) as first, sortsLast(v) as last",
      [{ low: "-3", high: "10", first: "B", last: "10" }],
    ],
    [
      "stats avg(exact) as rounded, latest(exact) as whole, max(big) as big",
      [{ rounded: "0.1235", whole: "0.123456789", big: "12345678901" }],
    ],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, PLAIN_GROUP).rows).toEqual(rows);
  });
});

describe("an access log, whose numbers are texts", () => {
  test.each<QueryCase>([
    [
      "stats count(*) as n, avg(responseLatency) as ms by status | sort status",
      [
        { status: "200", n: "2", ms: "54.5" },
        { status: "201", n: "1", ms: "55" },
        { status: "404", n: "1", ms: "12" },
        { status: "503", n: "1", ms: "130" },
        { status: "504", n: "1" },
      ],
    ],
    [
      "stats pct(responseLatency, 50) as p50, pct(responseLatency, 99) as p99, count(responseLatency) as n",
      [{ p50: "55", p99: "130", n: "6" }],
    ],
    [
      "stats sum(status >= 500) as faults, sum(status >= 500) / count(*) * 100 as percent",
      [{ faults: "2", percent: "33.3333" }],
    ],
    [
      "stats count(*) as n by httpMethod, status >= 500 as bad | sort n desc, httpMethod, bad",
      [
        { httpMethod: "GET", bad: "0", n: "3" },
        { httpMethod: "DELETE", bad: "1", n: "1" },
        { httpMethod: "GET", bad: "1", n: "1" },
        { httpMethod: "POST", bad: "0", n: "1" },
      ],
    ],
    [
      "stats count_distinct(identity.sourceIp) as callers by bin(1h)",
      [{ "bin(1h)": "2026-11-28 08:00:00.000", callers: "4" }],
    ],
    [
      "stats latest(status) as status by path | sort path",
      [
        { path: "/items", status: "503" },
        { path: "/items/1", status: "504" },
        { path: "/items/2", status: "404" },
      ],
    ],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, ACCESS_GROUP).rows).toEqual(rows);
  });
});
