import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import {
  CALLS,
  type MonitoredEnvironment,
  monitoredEnvironment,
  monitoredState,
} from "../test/monitored-environment.ts";
import type { Place, Said } from "../test/run-slipway.ts";

const calls = ["AWS/Lambda", "Invocations", "FunctionName", "orders-prod"];
const search =
  "SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} FunctionName=\"orders-prod\" MetricName=\"Invocations\"', 'Sum', 60)";
/** What CloudWatch fills in is not filled in here. */
const dollar = "$";
const alarm = (name: string) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;

const BODY = {
  start: "-PT1H",
  widgets: [
    {
      ...{ type: "alarm", x: 0, y: 0, width: 24, height: 3 },
      properties: { title: "Alarms", alarms: [alarm("orders-errors"), alarm("orders-slow"), alarm("orders-gone")] },
    },
    {
      ...{ type: "metric", x: 0, y: 3, width: 12, height: 6 },
      properties: {
        ...{ title: "Calls", stat: "Sum", period: 60, region: "us-east-1" },
        metrics: [
          [...calls, { label: "all calls" }],
          [".", "Errors", ".", ".", { label: "failed", id: "failed" }],
          [{ expression: "failed * 2", label: "twice the failed" }],
          ["...", "orders-gone", { label: "of nobody" }],
        ],
      },
    },
    {
      ...{ type: "metric", x: 12, y: 3, width: 12, height: 6 },
      properties: {
        ...{ title: "Failed in %", region: "us-east-1" },
        annotations: { horizontal: [{ label: "too many", value: 30 }] },
        metrics: [
          [{ expression: "100 * part", label: "failed" }],
          ["AWS/Lambda", "Errors", "FunctionName", "orders-prod", { id: "part", visible: false, period: 60 }],
        ],
      },
    },
    {
      ...{ type: "metric", x: 0, y: 9, width: 12, height: 4 },
      properties: {
        ...{ title: "By version", region: "us-east-1" },
        metrics: [[{ expression: search, label: `version ${dollar}{PROP('Dim.ExecutedVersion')}` }]],
      },
    },
    {
      ...{ type: "metric", x: 12, y: 9, width: 12, height: 4 },
      properties: {
        ...{ title: "Now", region: "us-east-1" },
        view: "singleValue",
        stat: "Sum",
        period: 3600,
        metrics: [["Orders", "sold", "Shop", "north"]],
      },
    },
    {
      ...{ type: "text", x: 0, y: 13, width: 12, height: 2 },
      properties: { markdown: "# Orders\n\nAsk **us** first: [the team](https://example.com/team)." },
    },
    {
      ...{ type: "log", x: 0, y: 15, width: 24, height: 6 },
      properties: {
        ...{ title: "Words", region: "us-east-1" },
        query: "SOURCE '/orders' | stats count(*) as lines by word | sort word",
      },
    },
    { ...{ type: "custom", x: 12, y: 13, width: 12, height: 2 }, properties: { title: "Ours", endpoint: "arn" } },
  ],
};

let prod: MonitoredEnvironment;

beforeAll(async () => {
  prod = await monitoredEnvironment(BODY);
  const logs = new CloudWatchLogsClient({
    ...{ region: "us-east-1", endpoint: prod.aws.localAws.endpoint, credentials: prod.states.credentials },
  });
  const stream = { logGroupName: "/orders", logStreamName: "one" };
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/orders" }));
  await logs.send(new CreateLogStreamCommand(stream));
  const logEvents = ["yes", "yes", "no"].map((word) => ({ timestamp: Date.now(), message: JSON.stringify({ word }) }));
  await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  logs.destroy();
});

afterAll(() => prod?.close());

const dashboard = (words: readonly string[] = [], place?: Place): Promise<Said> =>
  prod.run(["dashboard", "prod", ...words], place);

describe("slipway dashboard", () => {
  test.each([80, 120])("shows every widget within %i columns", async (terminal) => {
    const { code, stdout, stderr } = await dashboard([], { terminal });

    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^orders-prod on the AWS at http:\S+\n\S+Z to \S+Z\n/);
    expect(stdout).toMatch(/^─ Alarms ─+$/m);
    expect(stdout).toMatch(/^MISSING {2}orders-gone/m);
    expect(stdout).toMatch(/^─ Calls ─+ │ ─ Failed in % ─+$/m);
    expect(stdout).toMatch(/^all calls +5/m);
    expect(stdout).toMatch(/^twice the failed +2/m);
    expect(stdout).toMatch(/^of nobody +no data/m);
    expect(stdout).toMatch(/│ failed +20 %$/m);
    expect(stdout).toMatch(/│ ┄ 30 % \(highest 20 %\) too many$/m);
    expect(stdout).toMatch(/│ 30 % ┤┄+$/m);
    expect(stdout).toMatch(/^version 1 +5/m);
    expect(stdout).toMatch(/│ sold +3$/m);
    expect(stdout).toContain("Ask us first: the team");
    expect(stdout).toContain("not shown: a widget of type custom,");
    expect(stdout).toMatch(/^word +lines$\n^no +1$\n^yes +2$/m);
    expect(stdout.split("\n").filter((line) => line.length > terminal)).toEqual([]);
  });

  test("puts widgets below each other where there is no room beside", async () => {
    const { stdout } = await dashboard([], { terminal: 60 });
    expect(stdout).toMatch(/^─ Failed in % ─+$/m);
    expect(stdout.split("\n").filter((line) => line.length > 60)).toEqual([]);
  });

  test("draws with plain characters when it is asked to, and colours only in a terminal that wants them", async () => {
    const plain = await dashboard(["--ascii"]);
    expect(plain.stdout).toMatch(/^[\n\x20-\x7e]*$/);
    const coloured = await dashboard([], { terminal: 100, env: { NO_COLOR: "" } });
    expect(coloured.stdout).toContain("\u001b[31mMISSING\u001b[0m");
  });

  test("looks back as far as the dashboard says, or as it is told", async () => {
    const spans = await Promise.all(
      [[], ["--window", "30m"]].map(async (words) => {
        const { stdout } = await dashboard([...words, "--output", "json"]);
        const {
          dashboards: [{ from, to, widgets }],
        } = JSON.parse(stdout) as { dashboards: [{ from: string; to: string; widgets: object[] }] };
        expect(widgets).toHaveLength(BODY.widgets.length);
        return Date.parse(to) - Date.parse(from);
      }),
    );
    expect(spans).toEqual([3_600_000, 1_800_000]);
  });

  test("has all of it as one JSON document", async () => {
    const { stdout } = await dashboard(["--output", "json"]);
    const {
      dashboards: [{ name, widgets }],
    } = JSON.parse(stdout) as {
      dashboards: [
        { name: string; widgets: { type: string; series?: { label: string; points: { value: number }[] }[] }[] },
      ];
    };
    // Whether it was looked at already depends on the time.
    await golden("dashboard", stdout.replaceAll("INSUFFICIENT_DATA", "OK"));
    expect(name).toBe("orders-prod");
    const total = widgets[1]?.series?.[0]?.points.reduce((sum, { value }) => sum + value, 0);
    expect(total).toBe(CALLS);
    expect(widgets[3]?.series?.map(({ label }) => label)).toEqual(["version 1"]);
  });

  test("shows the other widgets when one cannot be read, and fails", async () => {
    await prod.aws.local("faults", "add", "--kind", "error", "--service", "logs", "--operation", "StartQuery");
    const { code, stdout, stderr } = await dashboard();
    await prod.aws.local("faults", "clear");
    expect(code).toBe(1);
    expect(stderr).toContain("1 widget could not be shown.");
    expect(stdout).toMatch(/^cannot be shown: logs:StartQuery failed/m);
    expect(stdout).toMatch(/^all calls +5/m);
  });
});

describe("the console", () => {
  test("is not there on an AWS of one's own: the dashboard is shown instead, and why", async () => {
    for (const flag of ["--url", "--open"]) {
      const { code, stdout, stderr } = await dashboard([flag]);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^the AWS at http:\S+ has no console, so the dashboard is shown here\.$/m);
      expect(stdout).toContain("Alarms");
    }
  });

  test("is opened only when asked for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-opener-"));
    const said = join(folder, "said");
    for (const opener of ["xdg-open", "open"]) {
      writeFileSync(join(folder, opener), `#!/bin/sh\necho "$1" > "${said}"\n`);
      chmodSync(join(folder, opener), 0o755);
    }
    const { openUrl } = await import("../dashboard/open-url.ts");
    const { showAddresses } = await import("../dashboard/show-addresses.ts");
    const printed: string[] = [];
    const io = {
      stdout: { write: (text: string) => printed.push(text) },
      env: { PATH: `${folder}${delimiter}${process.env.PATH}` },
    };
    const address =
      "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/orders";
    expect(await showAddresses(["orders"], "eu-central-1", false, { ...io, env: { PATH: "" } })).toBe(0);
    expect(await showAddresses(["orders"], "eu-central-1", true, io)).toBe(0);
    expect(printed).toEqual([`${address}\n`, `${address}\n`]);
    await expect
      .poll(() => {
        try {
          return readFileSync(said, "utf8");
        } catch {
          return "";
        }
      })
      .toBe(`${address}\n`);
    rmSync(folder, { recursive: true });

    await expect(openUrl("https://example.com", { PATH: "" })).rejects.toThrow(
      /open it yourself: https:\/\/example\.com/,
    );
  });
});

describe("slipway dashboard refuses", () => {
  test.each(["--url", "--open"])("%s as JSON, which it would not be", async (flag) => {
    const { code, stdout, stderr } = await dashboard([flag, "--output", "json"]);
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { error: { kind: "usage" } }]);
    expect(stderr).toContain(`${flag}: is about the console. Leave it or --output json out.`);
  });

  test("what is not there", async () => {
    const other = await dashboard(["other"]);
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toContain("name: prod has no dashboard 'other'. It has orders-prod.");

    await prod.states.putState("prod", monitoredState("orders-gone"));
    const gone = await dashboard();
    await prod.states.putState("prod", monitoredState());
    expect(gone).toMatchObject({ code: 1, stdout: "" });
    expect(gone.stderr).toMatch(
      /The dashboard orders-gone is in the state, and not on the AWS at .* Apply the infrastructure/,
    );

    await prod.states.putState("dev", [{ type: "aws_sqs_queue", attributes: { name: "q" } }]);
    expect((await prod.run(["dashboard", "dev"])).stderr).toContain("dev has no dashboard");
  });
});
