/** A line of the common data of the tests: `[milliseconds after {@link START}, stream, message]`. */
export type Line = readonly [after: number, stream: string, message: string];

/** 2026-11-28 08:00:00.000 UTC, a Saturday. */
export const START = Date.UTC(2026, 10, 28, 8);

export const FUNCTION_GROUP = "/aws/lambda/items-api-dev";
export const ACCESS_GROUP = "/aws/apigateway/items-api-dev";
export const PLAIN_GROUP = "/app/plain";

/** Ids of the function's requests. */
export const IDS = {
  create: "11111111-1111-4111-8111-111111111111",
  get: "22222222-2222-4222-8222-222222222222",
  list: "33333333-3333-4333-8333-333333333333",
  timeout: "44444444-4444-4444-8444-444444444444",
} as const;

export const FIRST_STREAM = "2026/11/28/[3]aaaa";
export const SECOND_STREAM = "2026/11/28/[3]bbbb";

function requestLine(facts: object, time: string): string {
  const line = { level: "INFO", time, message: "request", service: "items-api", ...facts };
  const directive = { Namespace: "ItemsApi", Dimensions: [["service"], ["service", "operation"]] };
  return JSON.stringify({ ...line, _aws: { Timestamp: Date.parse(time), CloudWatchMetrics: [directive] } });
}

/** What the items API's function writes: its own lines as JSON, Lambda's as text. */
export const FUNCTION_LINES: readonly Line[] = [
  [
    0,
    FIRST_STREAM,
    "INIT_START Runtime Version: nodejs:22.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:x",
  ],
  [500, FIRST_STREAM, `START RequestId: ${IDS.create} Version: 3`],
  [
    600,
    FIRST_STREAM,
    requestLine(
      {
        requestId: IDS.create,
        operation: "createItem",
        method: "POST",
        path: "/items",
        status: 201,
        durationMs: 48.3,
        coldStart: true,
      },
      "2026-11-28T08:00:00.600Z",
    ),
  ],
  [700, FIRST_STREAM, `END RequestId: ${IDS.create}`],
  [
    701,
    FIRST_STREAM,
    `REPORT RequestId: ${IDS.create}\tDuration: 52.10 ms\tBilled Duration: 53 ms\tMemory Size: 256 MB\tMax Memory Used: 80 MB\tInit Duration: 210.55 ms\tXRAY TraceId: 1-674821a0-aaaaaaaaaaaaaaaaaaaaaaaa\tSegmentId: bbbbbbbbbbbbbbbb\tSampled: true\t`,
  ],
  [60_500, FIRST_STREAM, `START RequestId: ${IDS.get} Version: 3`],
  [
    60_600,
    FIRST_STREAM,
    requestLine(
      {
        requestId: IDS.get,
        operation: "getItem",
        method: "GET",
        path: "/items/{id}",
        status: 200,
        durationMs: 4.25,
        coldStart: false,
      },
      "2026-11-28T08:01:00.600Z",
    ),
  ],
  [60_610, FIRST_STREAM, `END RequestId: ${IDS.get}`],
  [
    60_620,
    FIRST_STREAM,
    `REPORT RequestId: ${IDS.get}\tDuration: 6.02 ms\tBilled Duration: 7 ms\tMemory Size: 256 MB\tMax Memory Used: 81 MB\t`,
  ],
  [301_000, SECOND_STREAM, `START RequestId: ${IDS.list} Version: 3`],
  [
    301_100,
    SECOND_STREAM,
    JSON.stringify({
      level: "WARN",
      time: "2026-11-28T08:05:01.100Z",
      message: "Table throttled",
      requestId: IDS.list,
      operation: "listItems",
      error: { name: "ThrottlingException", message: "slow down", retryable: true, cause: null },
      tags: ["read", "hot"],
      "retry-after": 2,
    }),
  ],
  [
    301_200,
    SECOND_STREAM,
    requestLine(
      {
        requestId: IDS.list,
        operation: "listItems",
        method: "GET",
        path: "/items",
        status: 503,
        durationMs: 120.5,
        coldStart: true,
      },
      "2026-11-28T08:05:01.200Z",
    ),
  ],
  [301_300, SECOND_STREAM, `END RequestId: ${IDS.list}`],
  [
    301_301,
    SECOND_STREAM,
    `REPORT RequestId: ${IDS.list}\tDuration: 125.00 ms\tBilled Duration: 125 ms\tMemory Size: 256 MB\tMax Memory Used: 96 MB\tInit Duration: 190.45 ms\t`,
  ],
  [600_000, SECOND_STREAM, `START RequestId: ${IDS.timeout} Version: 3`],
  [603_000, SECOND_STREAM, `2026-11-28T08:10:03.000Z ${IDS.timeout} Task timed out after 3.00 seconds`],
  [603_001, SECOND_STREAM, `END RequestId: ${IDS.timeout}`],
  [
    603_002,
    SECOND_STREAM,
    `REPORT RequestId: ${IDS.timeout}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 256 MB\tMax Memory Used: 97 MB\tStatus: timeout\t`,
  ],
  [
    604_000,
    SECOND_STREAM,
    `2026-11-28T08:10:04.000Z\t${IDS.timeout}\tERROR\tInvoke Error \t{"errorType":"Runtime.ExitError","errorMessage":"left } behind"} {"second":1}`,
  ],
  [
    900_000,
    FIRST_STREAM,
    JSON.stringify({
      level: "ERROR",
      time: "2026-11-28T08:15:00.000Z",
      message: "Internal error",
      operation: "getItem",
      error: { name: "TypeError", message: "x is undefined" },
    }),
  ],
];

function accessLine(status: string, latency: string, method: string, path: string, ip: string): string {
  return JSON.stringify({ httpMethod: method, path, status, responseLatency: latency, identity: { sourceIp: ip } });
}

/** What the API's access log has: texts all, `-` for what a request does not have. */
export const ACCESS_LINES: readonly Line[] = [
  [1_000, "access", accessLine("201", "55", "POST", "/items", "10.0.0.5")],
  [61_000, "access", accessLine("200", "9", "GET", "/items/1", "10.0.0.5")],
  [62_000, "access", accessLine("404", "12", "GET", "/items/2", "203.0.113.7")],
  [302_000, "access", accessLine("503", "130", "GET", "/items", "203.0.113.7")],
  [400_000, "access", accessLine("200", "100", "GET", "/items/1", "2001:db8::1")],
  [605_000, "access", accessLine("504", "-", "DELETE", "/items/1", "not-an-ip")],
];

/** Text of no particular kind. */
export const PLAIN_LINES: readonly Line[] = [
  [0, "a", "user=ann, method:GET, latency := 25"],
  [1_000, "a", "user=bob, method:PUT, latency := 80"],
  [2_000, "b", "user=ann, method:GET, latency := 35"],
  [3_000, "b", "[WARN] disk 91% full"],
  [4_000, "b", "  spaced out  "],
  [5_000, "a", "naïve café ☕ 𝒳"],
  [6_000, "a", '{"v":"10"}'],
  [7_000, "a", '{"v":9.5,"big":12345678901,"exact":0.123456789}'],
  [8_000, "a", '{"v":"b2"}'],
  [9_000, "a", '{"v":"b10"}'],
  [10_000, "a", '{"v":"B"}'],
  [11_000, "a", '{"v":-3,"flag":false}'],
];
