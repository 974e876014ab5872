import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCESS_GROUP, FUNCTION_GROUP, IDS, PLAIN_GROUP } from "./test/log-lines.ts";
import { column, type QueryCase } from "./test/query-cases.ts";
import { type QueryFixture, queryFixture } from "./test/query-fixture.ts";

let fixture: QueryFixture;

beforeAll(() => {
  fixture = queryFixture();
});

afterAll(() => fixture.dispose());

const plain = (...messages: string[]) => column("@message", ...messages);
const ann25 = "user=ann, method:GET, latency := 25";
const bob = "user=bob, method:PUT, latency := 80";
const ann35 = "user=ann, method:GET, latency := 35";

describe("texts", () => {
  test.each<QueryCase>([
    ["fields @message | filter @message like /ann/", plain(ann35, ann25)],
    ["fields @message | filter @message like /ANN/", []],
    ["fields @message | filter @message like /(?i)ANN/", plain(ann35, ann25)],
    ["fields @message | filter @message =~ /^(?i)USER=BOB/", plain(bob)],
    ["fields @message | filter @message =~ 'method:PUT'", plain(bob)],
    ['fields v | filter @message like "."', column("v", "9.5")],
    ['fields @message | filter @message like "91% full"', plain("[WARN] disk 91% full")],
    ["fields @message | filter @message like /\\[WARN\\]/", plain("[WARN] disk 91% full")],
    ["fields @message | filter @message like /user=(ann|bob), method:P/", plain(bob)],
    ["fields @message | filter @message not like /user|v/ and @message not like 'full'", plain("  spaced out  ")],
    ["fields @message | filter not @message like /[uvf]/ | limit 3", []],
    ['fields @message | filter @message = "  spaced out  "', plain("  spaced out  ")],
    ["fields @message | filter @message in ['[WARN] disk 91% full', 'nothing']", plain("[WARN] disk 91% full")],
    ["fields @message | filter @message like /☕/", plain("naïve café ☕ 𝒳")],
    ["fields @message | filter @message like /caf. ☕ .$/", plain("naïve café ☕ 𝒳")],
    ["fields @message | filter @message like /latency := \\d{2}$/ and @logStream = 'b'", plain(ann35)],
    ["fields @message | where @message like 'bob'", plain(bob)],
    ["FIELDS @message | FILTER @message LIKE 'bob' OR @message LIKE /disk/", plain("[WARN] disk 91% full", bob)],
    ["fields @message # only what | filter @message like 'ann'\n| filter @message like 'bob'", plain(bob)],
    ["# a comment\nfilter @message like 'bob' | display @message", plain(bob)],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, PLAIN_GROUP).rows).toEqual(rows);
  });
});

describe("values", () => {
  test.each<QueryCase>([
    ["fields v | filter v > 9", column("v", "9.5", "10")],
    ["fields v | filter v >= 9.5 and v <= 10", column("v", "9.5", "10")],
    ["fields v | filter v < 0", column("v", "-3")],
    ["fields v | filter v = 10", column("v", "10")],
    ["fields v | filter v = '10'", column("v", "10")],
    ["fields v | filter v = 10.0", column("v", "10")],
    ["fields v | filter v = -3", column("v", "-3")],
    ["fields v | filter v = 'B'", column("v", "B")],
    ["fields v | filter v = 'b'", []],
    ["fields v | filter v > 'a'", column("v", "b10", "b2")],
    ["fields v | filter v in [10, 'B', -3]", column("v", "-3", "B", "10")],
    ["fields v | filter v not in [10, 'B', -3] and ispresent(v)", column("v", "b10", "b2", "9.5")],
    ["fields v | filter v != 10 and ispresent(v)", column("v", "-3", "B", "b10", "b2", "9.5")],
    ["fields v | filter ispresent(v) and not v > 0", column("v", "-3", "B", "b10", "b2")],
    ["fields v | filter v in []", []],
    ["fields flag, v | filter flag = 0", [{ flag: "0", v: "-3" }]],
    ["fields v | filter ispresent(flag)", column("v", "-3")],
    ["fields v | filter strcontains(v, 'b')", column("v", "b10", "b2")],
    ["fields v | filter v * 2 = 19", column("v", "9.5")],
    ["fields v | filter big > 12345678900 and exact < 0.2", column("v", "9.5")],
    ["fields v | filter @timestamp >= 1795852811000", column("v", "-3")],
    ["fields v | filter isempty(v) = 0 and strlen(v) = 3 and v like /^\\d/", column("v", "9.5")],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, PLAIN_GROUP).rows).toEqual(rows);
  });
});

describe("lines of a function", () => {
  test.each<QueryCase>([
    ["fields operation, status | filter status >= 400", [{ operation: "listItems", status: "503" }]],
    [
      "fields operation, status | filter status = 200 or status = 201",
      [
        { operation: "getItem", status: "200" },
        { operation: "createItem", status: "201" },
      ],
    ],
    ["fields operation | filter level in ['ERROR', 'WARN']", column("operation", "getItem", "listItems")],
    ["fields error.name | filter ispresent(error.name)", column("error.name", "TypeError", "ThrottlingException")],
    ["fields operation | filter error.retryable = 1", column("operation", "listItems")],
    ["fields operation | filter ispresent(error.cause)", []],
    ["fields operation | filter `retry-after` = 2", column("operation", "listItems")],
    ["fields @requestId | filter @type = 'REPORT' and @duration > 100", column("@requestId", IDS.timeout, IDS.list)],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, FUNCTION_GROUP).rows).toEqual(rows);
  });

  test("a missing field is unlike every value, as the queries that leave Lambda's own lines out rely on", () => {
    const query = "filter @type != 'REPORT' and @type != 'START' and @type != 'END' | stats count(*) as own";
    // INIT_START, three requests, a warning, a timeout, a crash and an error.
    expect(fixture.run(query, FUNCTION_GROUP).rows).toEqual(column("own", "8"));
  });
});

describe("an access log", () => {
  test.each<QueryCase>([
    ["fields path | filter status >= 500", column("path", "/items/1", "/items")],
    ["fields path | filter responseLatency > 50", column("path", "/items/1", "/items", "/items")],
    ["fields path | filter responseLatency < 10", column("path", "/items/1")],
    [
      "fields status | filter httpMethod = 'GET' and (status = 200 or status = 404)",
      column("status", "200", "404", "200"),
    ],
    ["fields status | filter isValidIp(identity.sourceIp) = 0", column("status", "504")],
    ["fields status | filter isIpv4InSubnet(identity.sourceIp, '10.0.0.0/8')", column("status", "200", "201")],
    ["fields status | filter isIpv6InSubnet(identity.sourceIp, '2001:db8::/32')", column("status", "200")],
    ["fields status | filter isIpInSubnet(identity.sourceIp, '203.0.113.0/24')", column("status", "503", "404")],
  ])("%s", (query, rows) => {
    expect(fixture.run(query, ACCESS_GROUP).rows).toEqual(rows);
  });
});
