import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCESS_GROUP, FUNCTION_GROUP, PLAIN_GROUP, START } from "./test/log-lines.ts";
import { column, type QueryCase } from "./test/query-cases.ts";
import { type QueryFixture, queryFixture } from "./test/query-fixture.ts";

let fixture: QueryFixture;

beforeAll(() => {
  fixture = queryFixture();
});

afterAll(() => fixture.dispose());

describe("parse", () => {
  test.each<QueryCase>([
    [
      'parse @message "user=*, method:*, latency := *" as @user, @method, @latency | filter ispresent(@user) | display @user, @method, @latency',
      [
        { "@user": "ann", "@method": "GET", "@latency": "35" },
        { "@user": "bob", "@method": "PUT", "@latency": "80" },
        { "@user": "ann", "@method": "GET", "@latency": "25" },
      ],
    ],
    [
      "parse @message /user=(?<user2>.*?), method:(?<method2>.*?), latency := (?<latency2>\\d+)/ | filter latency2 > 30 | display user2, method2, latency2",
      [
        { user2: "ann", method2: "GET", latency2: "35" },
        { user2: "bob", method2: "PUT", latency2: "80" },
      ],
    ],
    ["parse 'latency := *' as ms | filter ms < 40 | stats sum(ms) as total", column("total", "60")],
    ["parse /(?P<percent>\\d+)%/ | filter ispresent(percent) | display percent", column("percent", "91")],
    [
      'parse @message "[*] * *" as level, what, rest | filter ispresent(level) | display level, what, rest',
      [{ level: "WARN", what: "disk", rest: "91% full" }],
    ],
    [
      "parse @logStream /(?<letter>a)/ | parse @message 'user=*,' as user | filter ispresent(user) | display letter, user",
      [{ user: "ann" }, { letter: "a", user: "bob" }, { letter: "a", user: "ann" }],
    ],
    [
      "parse 'method:*,' as method | parse method /^(?<first>.)/ | filter ispresent(first) | display first",
      column("first", "G", "P", "G"),
    ],
    ["parse /(?<a>x)|(?<b>disk)/ | filter ispresent(b) | display a, b", column("b", "disk")],
    ["parse 'disk*full' as b | filter ispresent(b) | display b", column("b", " 91% ")],
    ["parse 'full*disk' as b | filter ispresent(b) | display b", []],
    [
      "parse '*☕ *' as before, after | filter ispresent(after) | display before, after",
      [{ before: "naïve café ", after: "𝒳" }],
    ],
    [
      "parse 'user=*,*' as user, rest | filter user = 'bob' | display rest",
      column("rest", " method:PUT, latency := 80"),
    ],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, PLAIN_GROUP).rows).toEqual(rows);
  });

  test("a field that is no text is parsed as it is written", () => {
    const query = "parse status /^(?<class>\\d)/ | filter class = 5 | display status, class";
    expect(fixture.run(query, ACCESS_GROUP).rows).toEqual([
      { status: "504", class: "5" },
      { status: "503", class: "5" },
    ]);
  });
});

describe("sort and limit", () => {
  test.each<QueryCase>([
    // Ascending: missing ones, texts piece by piece, numbers.
    ["filter @logStream = 'a' and ispresent(v) | sort v | display v", column("v", "B", "b2", "b10", "-3", "9.5", "10")],
    ["filter ispresent(v) | sort v desc | display v", column("v", "10", "9.5", "-3", "b10", "b2", "B")],
    ["filter ispresent(v) | sort v asc | limit 2 | display v", column("v", "B", "b2")],
    ["sort @timestamp asc | limit 1 | display @message", column("@message", "user=ann, method:GET, latency := 25")],
    ["sort @timestamp desc | limit 1 | display v", column("v", "-3")],
    ["limit 2 | display v", column("v", "-3", "B")],
    ["limit 2 | limit 1 | display v", column("v", "-3")],
    ["limit 2 | filter v = 'B' | display v", column("v", "B")],
    [
      "sort @logStream desc, @timestamp asc | limit 1 | display @message",
      column("@message", "user=ann, method:GET, latency := 35"),
    ],
    [
      "sort ispresent(v), strlen(@message) desc | limit 1 | display @message",
      column("@message", "user=ann, method:GET, latency := 35"),
    ],
    ["fields strlen(@message) as length | sort length | limit 2 | display length", column("length", "9", "10")],
    [
      "fields strlen(@message) as length | sort length desc | sort ispresent(v) desc | limit 2 | display length",
      column("length", "47", "21"),
    ],
    ["sort missing | limit 1 | display v", column("v", "-3")],
    ["sort v | filter v like 'b' | limit 1 | display v", column("v", "b2")],
    ["filter v = 10 | limit any 1 | display v", column("v", "10")],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, PLAIN_GROUP).rows).toEqual(rows);
  });

  test("the order of AWS's own example", () => {
    const one = queryFixture({ isEmpty: true });
    const ordered = [
      "!:",
      "#",
      "*%04",
      "0#",
      "5A",
      "111A",
      "2345_",
      "@",
      "@_",
      "A",
      "A9876fghj",
      "a12345hfh",
      "0",
      "01",
      "1",
      "2",
      "3",
    ];
    const mixed = [...ordered].sort(() => 0).reverse();
    one.add(
      "/g",
      mixed.map((v, index) => [index, "s", JSON.stringify({ v })] as const),
    );
    const { rows } = one.run("sort v | display v", "/g");
    one.dispose();
    expect(rows.map(({ v }) => v)).toEqual(ordered);
  });

  test("limit reads on to count, limit any does not", () => {
    expect(fixture.run("filter ispresent(v) | limit 1", PLAIN_GROUP).statistics).toMatchObject({
      recordsMatched: 6,
      recordsScanned: 12,
    });
    expect(fixture.run("filter ispresent(v) | limit any 1", PLAIN_GROUP).statistics).toMatchObject({
      recordsMatched: 1,
      recordsScanned: 1,
    });
  });
});

describe("dedup", () => {
  test.each<QueryCase>([
    [
      "parse 'user=*, method:*,' as user, method | filter ispresent(user) | display @message | dedup user",
      [{ "@message": "user=ann, method:GET, latency := 35" }, { "@message": "user=bob, method:PUT, latency := 80" }],
    ],
    [
      "parse 'user=*,' as user | filter ispresent(user) | sort @timestamp asc | dedup user | limit 1",
      [{ "@timestamp": "2026-11-28 08:00:00.000", "@message": "user=ann, method:GET, latency := 25", user: "ann" }],
    ],
    [
      "fields @logStream, strlen(@message) as length | sort length desc | dedup @logStream",
      [
        { "@logStream": "a", length: "47" },
        { "@logStream": "b", length: "35" },
      ],
    ],
    ["fields v, flag | filter ispresent(v) | dedup flag | limit 3", [{ v: "-3", flag: "0" }, { v: "B" }, { v: "b10" }]],
    [
      "fields @logStream, ispresent(v) as is | dedup @logStream, is",
      [
        { "@logStream": "a", is: "1" },
        { "@logStream": "a", is: "0" },
        { "@logStream": "b", is: "0" },
      ],
    ],
    ["fields v | filter v in ['B', 'b2', 9.5] | sort v | dedup v, missing | limit 2", column("v", "B", "b2")],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, PLAIN_GROUP).rows).toEqual(rows);
  });
});

describe("unnest", () => {
  const lines = [
    [0, "s", '{"id":"one","events":[{"name":"exception","n":1},{"name":"user action","n":2}]}'],
    [1, "s", '{"id":"two","events":[]}'],
    [2, "s", '{"id":"three","events":{"name":"alone","n":4}}'],
    [3, "s", "no JSON"],
  ] as const;

  test.each<QueryCase>([
    [
      "fields jsonParse(@message) as js | filter id = 'one' | unnest js.events into event | display id, event.name",
      [
        { id: "one", "event.name": "exception" },
        { id: "one", "event.name": "user action" },
      ],
    ],
    [
      "fields jsonParse(@message) as js | unnest js.events into event | filter event.n > 1 | display event.name",
      column("event.name", "alone", "user action"),
    ],
    [
      "fields jsonParse(@message) as js | unnest js.events into event | stats sum(event.n) as n, count(*) as rows by js.id | sort n desc",
      [{ "js.id": "three", n: "4", rows: "1" }, { "js.id": "one", n: "3", rows: "2" }, { rows: "1" }],
    ],
    [
      "fields jsonParse(@message) as js | filter id = 'one' | display js.events[1].name, js.events[2].name, js.events[0]",
      [{ "js.events[1].name": "user action", "js.events[0]": '{"name":"exception","n":1}' }],
    ],
    // A name is known from the next command on.
    [
      "filter id = 'two' | fields jsonParse(@message) as js, js.id as before | fields js.id as after | display before, after",
      [{ after: "two" }],
    ],
  ])("%s", (query, rows) => {
    const one = queryFixture({ isEmpty: true });
    one.add("/g", lines);
    const result = one.run(query, "/g").rows;
    one.dispose();
    expect(result).toEqual(rows);
  });
});

test("events of several groups come newest first", () => {
  const { rows, statistics } = fixture.run(
    "fields @timestamp, @log | limit 4",
    PLAIN_GROUP,
    ACCESS_GROUP,
    FUNCTION_GROUP,
  );
  expect(rows).toEqual([
    { "@timestamp": "2026-11-28 08:15:00.000", "@log": `000000000000:${FUNCTION_GROUP}` },
    { "@timestamp": "2026-11-28 08:10:05.000", "@log": `000000000000:${ACCESS_GROUP}` },
    { "@timestamp": "2026-11-28 08:10:04.000", "@log": `000000000000:${FUNCTION_GROUP}` },
    { "@timestamp": "2026-11-28 08:10:03.002", "@log": `000000000000:${FUNCTION_GROUP}` },
  ]);
  expect(statistics).toMatchObject({ recordsScanned: 38, recordsMatched: 38, logGroupsScanned: 3 });
  expect(
    fixture.run("stats count(*) as n, max(@ingestionTime) > 0 as ingested by @log", PLAIN_GROUP, ACCESS_GROUP).rows,
  ).toEqual([
    { "@log": `000000000000:${ACCESS_GROUP}`, n: "6", ingested: "1" },
    { "@log": `000000000000:${PLAIN_GROUP}`, n: "12", ingested: "1" },
  ]);
});

test("events of the same millisecond come in the order of their ingestion, the last first, over portions of any size", () => {
  const one = queryFixture({ isEmpty: true });
  one.add(
    "/g",
    Array.from({ length: 4500 }, (_, index) => [Math.floor(index / 1500), "s", JSON.stringify({ index })] as const),
  );
  const expected = Array.from({ length: 4500 }, (_, index) => String(4499 - index));
  expect(one.run("display index", "/g").rows.map(({ index }) => index)).toEqual(expected);
  expect(one.run("stats count(*) as n by @timestamp", "/g").rows).toEqual(
    [2, 1, 0].map((after) => ({
      "@timestamp": new Date(START + after).toISOString().replace("T", " ").replace("Z", ""),
      n: "1500",
    })),
  );
  one.dispose();
});
