import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import {
  CALLS,
  FAILED,
  type MonitoredEnvironment,
  monitoredEnvironment,
  REQUESTS,
} from "../test/monitored-environment.ts";
import type { Place, Said } from "../test/run-slipway.ts";

let prod: MonitoredEnvironment;

beforeAll(async () => {
  prod = await monitoredEnvironment();
});

afterAll(() => prod?.close());

/** Two minutes more than the traffic takes at most, in case a minute ends meanwhile. */
const WINDOW = ["--window", "10m"];
const metrics = (words: readonly string[], place?: Place): Promise<Said> =>
  prod.run(["metrics", "prod", ...words], place);

interface Report {
  readonly from: string;
  readonly to: string;
  readonly periodSeconds: number;
  readonly signals: readonly {
    readonly resource: string;
    readonly signal: string;
    readonly summary: { readonly total: number | null; readonly latest: { readonly value: number } } | null;
    readonly points: readonly { readonly at: string; readonly value: number }[];
  }[];
}

const report = async (words: readonly string[]): Promise<Report> => {
  const { code, stdout, stderr } = await metrics([...words, "--output", "json"]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Report;
};

describe("slipway metrics", () => {
  test("knows how much of each resource of the environment was used, by the version that answered, too", async () => {
    const { signals, periodSeconds } = await report(WINDOW);
    const totals = Object.fromEntries(
      signals.map(({ resource, signal, summary }) => [`${resource}: ${signal}`, summary?.total ?? summary]),
    );

    expect(periodSeconds).toBe(60);
    await golden("metrics", await report([...WINDOW, "errors"]));
    expect(totals).toMatchObject({
      "API orders-prod, stage prod: requests": REQUESTS,
      "API orders-prod, stage prod: 5xx": 0,
      "function orders-prod: calls": CALLS,
      "function orders-prod: errors": FAILED,
      "function orders-prod, version 1 by live: calls": CALLS,
      "function orders-prod, version 1 by live: errors": FAILED,
      "table orders-prod: read units": 1,
      "table orders-prod: write units": 1,
      // Sent only when there is something to count: that is no 0.
      "table orders-prod: throttled reads": null,
      "queue orders-lost: waiting": null,
    });
    expect(Object.keys(totals)).toContain("function orders-prod: duration p99");
    expect(Object.keys(totals)).toContain("table orders-prod: GetItem p99");
    // Nobody has queried.
    expect(Object.keys(totals)).not.toContain("table orders-prod: Query p99");
  });

  test("shows one line each in plain columns where nobody sits at a terminal", async () => {
    const { stdout } = await metrics(WINDOW);
    expect(stdout).toMatch(/^prod on the AWS at http:\S+\n\d{4}-\d\d-\d\dT[\d:]+Z to \S+Z, by the minute\n/);
    expect(stdout).toMatch(/^RESOURCE +SIGNAL +LATEST +MIN +MAX +TOTAL$/m);
    expect(stdout).toMatch(/^function orders-prod +errors +.* 1 \(20 %\)$/m);
    expect(stdout).toMatch(/^table orders-prod +throttled reads +no data$/m);
    expect(stdout).not.toMatch(/[▁▂▃▄▅▆▇█]/);
  });

  test.each([80, 120])("draws sparklines in a terminal, and keeps within its %i columns", async (terminal) => {
    const { stdout } = await metrics(WINDOW, { terminal });
    expect(stdout).toMatch(/^function orders-prod$/m);
    expect(stdout).toMatch(/^ {2}calls +[▁▂▃▄▅▆▇█ ]*█ .* 5$/m);
    expect(stdout).toMatch(/^ {2}throttled reads +no data$/m);
    expect(stdout.split("\n").filter((line) => line.length > terminal)).toEqual([]);
  });

  test("draws with plain characters where the terminal does not show UTF-8, or they were asked for", async () => {
    const elsewhere = await metrics(WINDOW, { terminal: 80, env: { LC_ALL: "C" } });
    const asked = await metrics([...WINDOW, "--ascii"], { terminal: 80 });
    for (const { stdout } of [elsewhere, asked]) {
      expect(stdout).toMatch(/^ {2}calls +[_.:=+*# -]*# .* 5$/m);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what plain is
      expect(stdout).toMatch(/^[\x00-\x7f]*$/);
    }
  });
});

describe("slipway metrics with a name", () => {
  test("draws a chart with axes in a terminal, and says what it comes to", async () => {
    const { stdout } = await metrics(["errors", ...WINDOW], { terminal: 100 });
    expect(stdout).toMatch(/^function orders-prod: errors\n {2}Sum of AWS\/Lambda Errors, FunctionName=orders-prod$/m);
    expect(stdout).toMatch(/^ +1 ┤.*█/m);
    expect(stdout).toMatch(/^ +\d\d:\d\dZ +\d\d:\d\dZ +\d\d:\d\dZ$/m);
    expect(stdout.replace(/\s+/g, " ")).toContain(`total ${FAILED} of ${CALLS} calls (20 %)`);
  });

  test("has a table with a line for each period elsewhere", async () => {
    const { stdout } = await metrics(["calls", ...WINDOW]);
    expect(stdout).toMatch(/^\[1\] function orders-prod: calls$/m);
    expect(stdout).toMatch(/^TIME +\[1\] +\[2\]$/m);
    expect(stdout.match(/no data {2}no data$/gm)?.length).toBeGreaterThan(5);
  });

  test.each([
    ["AWS/Lambda/Errors", ["function orders-prod: errors", "function orders-prod, version 1 by live: errors"]],
    ["5XX", ["API orders-prod, stage prod: 5xx"]],
    ["capacity", ["table orders-prod: read units", "table orders-prod: write units"]],
    ["Orders/sold", ["Orders, Shop=north: sold", "Orders, Shop=south: sold"]],
    ["sold", ["Orders, Shop=north: sold", "Orders, Shop=south: sold"]],
  ])("finds %s", async (name, expected) => {
    const { signals } = await report([name, ...WINDOW]);
    expect(signals.map(({ resource, signal }) => `${resource}: ${signal}`)).toEqual(expected);
  });

  test("shows other statistics, and other dimensions, and says which there are", async () => {
    const { signals } = await report(["duration", "--stat", "Maximum", "SampleCount", ...WINDOW]);
    expect(signals.map(({ resource, signal }) => `${resource}: ${signal}`)).toEqual([
      "function orders-prod: duration Maximum",
      "function orders-prod: duration SampleCount",
      "function orders-prod, version 1 by live: duration Maximum",
      "function orders-prod, version 1 by live: duration SampleCount",
    ]);
    expect(signals[1]?.summary?.total).toBe(CALLS);

    const { stderr } = await metrics(["AWS/ApiGateway/Count", ...WINDOW]);
    expect(stderr).toBe("");
    const by = await report(["Orders/sold", "--by", "Shop", ...WINDOW]);
    expect(by.signals.map(({ summary }) => summary?.total)).toEqual([3, 4]);
    const none = await metrics(["Orders/sold", "--by", "Colour"]);
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr).toContain("--by: Orders/sold is not there by 'Colour'. It is by Shop.");
  });

  test("an unknown name is answered with those that there are, the nearest first", async () => {
    const { code, stdout, stderr } = await metrics(["erors"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^slipway: metric: prod has no 'erors'\. It has errors, .*and \d+ more\.$/m);
    expect((await metrics(["Orders/solt"])).stderr).toMatch(/It has Orders\/sold, /);
  });

  test("has a row for each period and series in CSV, with an empty value for no data", async () => {
    const { code, stdout } = await metrics(["calls", "--output", "csv", ...WINDOW]);
    const [head, ...rows] = stdout.split("\r\n");
    expect(code).toBe(0);
    expect(head).toBe("time,resource,signal,namespace,metric,dimensions,statistic,unit,period_seconds,value");
    expect(rows.at(-1)).toBe("");
    expect(rows.filter((row) => /^[^,]+,function orders-prod,.*,60,$/.test(row)).length).toBeGreaterThan(5);
    expect(
      rows.filter((row) => row.includes('"function orders-prod, version 1 by live",calls')).length,
    ).toBeGreaterThan(9);
    expect(stdout).toMatch(
      /,function orders-prod,calls,AWS\/Lambda,Invocations,FunctionName=orders-prod,Sum,count,60,\d/,
    );
  });
});

describe("slipway metrics refuses", () => {
  test.each([
    ["what is no time", ["--since", "soon"], "--since: 'soon' is no time."],
    ["two beginnings", ["--since", "1h", "--window", "1h"], "--since and --window"],
    ["what is no period", ["--period", "90"], "--period: CloudWatch has no periods of 90 s."],
    [
      "what is forgotten",
      ["--period", "1m", "--window", "20d"],
      "--period: CloudWatch keeps values of 60 s for 15 days",
    ],
    ["statistics of everything", ["--stat", "p99"], "--stat: is about one metric."],
  ])("%s", async (_what, words, message) => {
    const { code, stdout, stderr } = await metrics(words);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test("an environment that is unknown, or not deployed", async () => {
    expect((await prod.run(["metrics", "qa"])).stderr).toMatch(/environment: there is no 'qa'/);
    expect((await prod.run(["metrics", "dev"])).stderr).toMatch(/dev is not deployed on the AWS at .* does not exist/);
    expect(await prod.run(["metrics"])).toMatchObject({ code: 2, stdout: "" });
    await prod.states.putState("staging", [{ type: "aws_sns_topic", attributes: { name: "t" } }]);
    const none = await prod.run(["metrics", "staging"]);
    expect(none).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("staging has no API stage") });
  });

  test("to take an error for no data", async () => {
    await prod.aws.local("faults", "add", "--kind", "error", "--service", "monitoring", "--operation", "GetMetricData");
    const { code, stdout, stderr } = await metrics(WINDOW);
    await prod.aws.local("faults", "clear");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("cloudwatch:GetMetricData failed");
  });

  test.each(["metrics", "alarms", "dashboard"])("to call a Ctrl-C in %s a finding, or a bug", async (command) => {
    const { code, stdout, stderr } = await prod.run([command, "prod"], { signal: AbortSignal.abort() });
    expect([code, stdout]).toEqual([130, ""]);
    expect(stderr).not.toContain("bug");
  });
});
