import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { incidentStatisticsSchema, type LedgerBody, type Postmortem, postmortemSchema } from "@slipway/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ShopApi, shopApi } from "../incidents/test/shop-api.ts";
import { golden } from "../test/golden.ts";
import { liveRelease, planOf, type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

const MINUTE_MS = 60_000;
/** What was asked for, and how often. */
const ASKED = { 200: 23, 404: 5, 429: 4, 503: 9 } as const;
const REQUESTS = 41;

let prod: ReleasedEnvironment;
let client: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } };
/** When the first was sent, and when the last had been answered. */
let from: number;
let to: number;

beforeAll(async () => {
  prod = await releasedEnvironment({ withFunction: false });
  const credentials = {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? "",
  };
  client = { region: "us-east-1", endpoint: prod.aws.localAws.endpoint, credentials };
  const api = await shopApi(client);
  await putState(api);
  from = Date.now();
  for (const [status, times] of Object.entries(ASKED)) {
    for (let request = 0; request < times; request++) {
      await api.ask(Number(status));
    }
  }
  to = Date.now();
  const ledger = prod.ledger("prod");
  await prod.write(ledger, "r1", liveRelease(planOf("r1", null, "a"), "1", "1"));
  await prod.write(ledger, null, incident());
});

afterAll(async () => prod?.close());

async function putState({ resources }: ShopApi): Promise<void> {
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const Body = JSON.stringify({
    ...{ version: 4, serial: 2, outputs: {} },
    resources: resources.map(({ type, attributes }) => ({
      ...{ mode: "managed", type, name: "this", provider: "p", instances: [{ attributes }] },
    })),
  });
  await s3.send(new PutObjectCommand({ Bucket: "terraform-state", Key: "prod/terraform.tfstate", Body }));
  s3.destroy();
}

function incident(): LedgerBody[] {
  const about = { incident: "i1" };
  const iso = (at: number) => new Date(at).toISOString();
  return [
    {
      ...{ type: "incident.opened", ...about, title: "The shop fails with 5xx", severity: 2, openedBy: "rule" },
      ...{ reasons: ["9 of 41 requests fail"], startedAt: iso(from), signals: [] },
    },
    { type: "incident.acknowledged", ...about },
    {
      ...{ type: "incident.resolved", ...about, resolvedAt: iso(to) },
      verdict: { status: "successful", reason: "0 of 400 failed", numbers: {} },
    },
  ];
}

/** What CloudWatch itself says, over whole minutes. */
async function sumOf(metric: string): Promise<number> {
  const cloudwatch = new CloudWatchClient(client);
  const Dimensions = [
    { Name: "ApiName", Value: "shop" },
    { Name: "Stage", Value: "prod" },
  ];
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Math.floor(from / MINUTE_MS) * MINUTE_MS),
      EndTime: new Date(Math.ceil(to / MINUTE_MS) * MINUTE_MS),
      MetricDataQueries: [
        {
          Id: "m",
          MetricStat: {
            ...{ Metric: { Namespace: "AWS/ApiGateway", MetricName: metric, Dimensions }, Period: 60, Stat: "Sum" },
          },
        },
      ],
    }),
  );
  cloudwatch.destroy();
  return MetricDataResults?.[0]?.Values?.reduce((sum, value) => sum + value, 0) ?? 0;
}

test("the numbers of a post-mortem agree with the metrics to the request", async () => {
  const { code, stdout, stderr } = await prod.run(["incident", "postmortem", "prod", "--output", "json"]);
  expect(code, stderr).toBe(0);
  const postmortem: Postmortem = postmortemSchema.parse(JSON.parse(stdout));
  await golden("incident postmortem", postmortem);
  expect(postmortem.gaps).toEqual([]);
  expect(postmortem.impact).toMatchObject({
    ...{ requests: REQUESTS, failed: ASKED[503], refused: ASKED[429], callers: 1 },
  });
  expect([postmortem.impact?.requests, postmortem.impact?.failed]).toEqual([
    await sumOf("Count"),
    await sumOf("5XXError"),
  ]);
  expect(postmortem.budget).toMatchObject({ requests: REQUESTS, failed: ASKED[503] });
  const drawn = postmortem.series?.points ?? [];
  expect(drawn.reduce((sum, { requests }) => sum + requests, 0)).toBe(REQUESTS);
  expect(drawn.reduce((sum, { failed }) => sum + failed, 0)).toBe(ASKED[503]);
});

test("it is written with its charts, and not over what people have filled in", async () => {
  const words = ["incident", "postmortem", "prod", "i1", "--zone", "Asia/Kathmandu"];
  const place = { cwd: prod.repository };
  const { code, stdout, stderr } = await prod.run(words, place);
  expect(code, stderr).toBe(0);
  const folder = "docs/postmortems/prod-i1";
  expect(stdout.split("\n").slice(0, 3)).toEqual(
    ["postmortem.md", "requests.svg", "latency.svg"].map((name) => `${folder}/${name}`),
  );
  const read = (name: string) => readFileSync(join(prod.repository, folder, name), "utf8");
  expect(read("postmortem.md")).toContain("| UTC | Asia/Kathmandu | From | Who | What |");
  expect(read("postmortem.md")).toContain(`| Requests | ${REQUESTS} |`);
  expect(read("postmortem.md")).toContain("](requests.svg)");
  expect(read("requests.svg")).toContain(`${REQUESTS} requests from`);
  writeFileSync(join(prod.repository, folder, "postmortem.md"), "what people know");
  const again = await prod.run(words, place);
  expect(again.code).not.toBe(0);
  expect(again.stderr).toContain(`--out: ${folder}/postmortem.md is there already`);
  expect(read("postmortem.md")).toBe("what people know");
  const elsewhere = await prod.run([...words, "--out", "mine.md"], place);
  expect(elsewhere.stdout.split("\n").slice(0, 3)).toEqual(["mine.md", "mine-requests.svg", "mine-latency.svg"]);
  expect((await prod.run([...words, "--overwrite"], place)).code).toBe(0);
  expect(read("postmortem.md")).toContain("# Post-mortem of i1");
});

test("a zone that there is not is refused, and an incident", async () => {
  const { code, stderr } = await prod.run(["incident", "postmortem", "prod", "i1", "--zone", "Mars/Base"]);
  expect(code).not.toBe(0);
  expect(stderr).toContain("--zone: 'Mars/Base' is no time zone");
  expect((await prod.run(["incident", "postmortem", "prod", "i7"])).stderr).toContain("has no i7");
});

test("statistics say how often, and how long it took", async () => {
  const json = await prod.run(["incident", "stats", "prod", "--output", "json"]);
  expect(json.code, json.stderr).toBe(0);
  const statistics = incidentStatisticsSchema.parse(JSON.parse(json.stdout));
  await golden("incident stats", statistics);
  expect(statistics.all).toMatchObject({ incidents: 1, unresolved: 0, openedByRule: 1 });
  const text = await prod.run(["incident", "stats", "prod"]);
  expect(text.stdout).toMatch(/^1 incident, 1 opened by rule$/m);
  expect(text.stdout).toMatch(/^2 high\s+1 /m);
  const later = await prod.run(["incident", "stats", "prod", "--since", "1s", "--output", "json"]);
  expect(later.code, later.stderr).toBe(0);
});
