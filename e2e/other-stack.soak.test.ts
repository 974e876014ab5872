import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwsCli, awsCli } from "./support/aws-cli.ts";
import { bundleFunction } from "./support/bundle-function.ts";
import { eventually } from "./support/eventually.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { TerraformStack } from "./support/terraform.ts";

const SOURCE = join(import.meta.dirname, "other-stack");

let localAws: LocalAwsProcess;
let aws: AwsCli;
let stack: TerraformStack;
let apiKey: string;
let stageUrl: string;
let table: string;

/** The stack's variables for a release of its function. */
async function release(name: string, colour: string) {
  const file = join(stack.folder, `${name}.zip`);
  writeFileSync(file, await bundleFunction(join(SOURCE, "collector/collector.ts"), "collector", { RELEASE: name }));
  return { code_file: file, colour };
}

/** Calls the deployed API with its key. */
function call(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${stageUrl}/${path}`, { ...init, headers: { "x-api-key": apiKey, ...init.headers } });
}

// One after the other: each builds on what the one before has left.
describe("a stack that is nothing like ours", () => {
  beforeAll(async () => {
    localAws = await LocalAwsProcess.start();
    aws = await awsCli(localAws);
    stack = new TerraformStack(SOURCE, localAws);
    await stack.init();
  });

  afterAll(async () => {
    await localAws?.stop();
    stack?.remove();
  });

  test("applies, and then there is nothing left to do", async () => {
    const { added, changed, destroyed } = await stack.apply(await release("first", "blue"));
    expect(added).toBeGreaterThan(40);
    expect({ changed, destroyed }).toEqual({ changed: 0, destroyed: 0 });

    const again = await stack.plan();
    expect(again.code, again.stdout + again.stderr).toBe(0);

    const outputs = await stack.outputs();
    expect(outputs.account).toBe("000000000000/us-east-1");
    apiKey = String(outputs.api_key);
    table = String(outputs.table);
    stageUrl = localAws.stageUrl(String(outputs.api_id), "v2");
  });

  test("its API answers those who have its key, and nobody else", async () => {
    const surroundings = await call("surroundings");
    expect(surroundings.status).toBe(200);
    expect(await surroundings.json()).toEqual({
      release: "first",
      version: "1",
      // The function is arm64; what runs it is this machine, and it does not pretend otherwise.
      architecture: process.arch,
      node: "22",
      empty: "",
      stageVariables: { colour: "blue", empty: "" },
    });

    const withoutKey = await fetch(`${stageUrl}/surroundings`);
    const withWrongKey = await fetch(`${stageUrl}/surroundings`, { headers: { "x-api-key": `${apiKey}x` } });
    for (const refused of [withoutKey, withWrongKey]) {
      expect(refused.status).toBe(403);
      expect(refused.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
      expect(await refused.json()).toEqual({ message: "Forbidden" });
    }
  });

  test("a browser's preflight is answered by the gateway alone, without a key", async () => {
    const preflight = await fetch(`${stageUrl}/readings`, {
      method: "OPTIONS",
      headers: { Origin: "https://telemetry.example.com", "Access-Control-Request-Method": "POST" },
    });

    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  });

  test("bytes go through it and come back as they are", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    const type = "application/octet-stream";

    const answer = await call("echo", { method: "POST", body: bytes, headers: { "content-type": type, accept: type } });

    expect(answer.status).toBe(200);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes.reverse());
  });

  test("what the API writes is in the table, and what Terraform put there can be read through the API", async () => {
    const read = await call("readings?device=thermometer-1&takenAt=1700000000");
    expect({ status: read.status, body: await read.json() }).toEqual({ status: 200, body: { value: 21.5 } });

    const created = await call("readings", {
      method: "POST",
      headers: { "X-Device-Id": "thermometer-1" },
      body: JSON.stringify({ takenAt: 1_700_000_060, value: -3.25 }),
    });
    expect(created.status, await created.clone().text()).toBe(201);

    const key = JSON.stringify({ device: { S: "thermometer-1" }, takenAt: { N: "1700000000" } });
    const { Item } = await aws.json<{ Item: object }>("dynamodb", "get-item", "--table-name", table, "--key", key);
    expect(Item).toEqual({
      device: { S: "thermometer-1" },
      takenAt: { N: "1700000000" },
      site: { B: "AAEC" },
      value: { N: "21.5" },
    });
    const { Items } = await aws.json<{ Items: { value: { N: string } }[] }>(
      ...["dynamodb", "query", "--table-name", table, "--no-scan-index-forward"],
      ...["--key-condition-expression", "device = :d AND takenAt BETWEEN :from AND :to"],
      "--expression-attribute-values",
      JSON.stringify({ ":d": { S: "thermometer-1" }, ":from": { N: "1700000000" }, ":to": { N: "1700000060" } }),
    );
    expect(Items.map(({ value }) => value.N)).toEqual(["-3.25", "21.5"]);
  });

  test("a line in its log becomes a measurement", async () => {
    for (const lost of [3, 4]) {
      const answer = await call("readings", {
        method: "POST",
        headers: { "X-Device-Id": "thermometer-2" },
        body: JSON.stringify({ takenAt: 1_700_000_000 + lost, value: 1, lost }),
      });
      expect(answer.status).toBe(201);
    }

    const sum = await eventually(async () => {
      const minutes = 5 * 60_000;
      const { Datapoints } = await aws.json<{ Datapoints: { Sum: number; Maximum: number; Unit: string }[] }>(
        ...["cloudwatch", "get-metric-statistics", "--namespace", "Telemetry", "--metric-name", "Lost"],
        ...["--start-time", new Date(Date.now() - minutes).toISOString()],
        ...["--end-time", new Date(Date.now() + minutes).toISOString()],
        ...["--period", "3600", "--statistics", "Sum", "Maximum"],
      );
      expect(Datapoints.reduce((total, { Sum }) => total + Sum, 0)).toBe(7);
      return Datapoints;
    });
    expect(Math.max(...sum.map(({ Maximum }) => Maximum))).toBe(4);
    expect(sum[0]?.Unit).toBe("Count");
  });

  test("its e-mail subscription waits to be confirmed", async () => {
    const { Subscriptions } = await aws.json<{ Subscriptions: object[] }>("sns", "list-subscriptions");

    expect(Subscriptions).toEqual([
      {
        SubscriptionArn: "PendingConfirmation",
        Owner: "000000000000",
        Protocol: "email",
        Endpoint: "on-call@example.com",
        TopicArn: "arn:aws:sns:us-east-1:000000000000:telemetry-trouble",
      },
    ]);
  });

  test("new code and a changed setting show up, and again there is nothing left to do", async () => {
    const { added, changed, destroyed } = await stack.apply(await release("second", "green"));
    expect({ added, destroyed }).toEqual({ added: 0, destroyed: 0 });
    expect(changed).toBeGreaterThanOrEqual(4);

    // API Gateway takes up a stage's new variables within seconds, on AWS as here.
    const now = await eventually(async () => {
      const answer = await call("surroundings");
      const body = (await answer.json()) as { version: string; stageVariables: object };
      expect(body).toMatchObject({ release: "second", version: "2", stageVariables: { colour: "green", empty: "" } });
      return body;
    });
    expect(now.version).toBe("2");
    const again = await stack.plan();
    expect(again.code, again.stdout + again.stderr).toBe(0);
  });

  test("is destroyed without a trace", async () => {
    await stack.destroy();

    expect(await localAws.inventory()).toEqual({});
    const answer = await call("surroundings");
    expect(answer.status, "an API that is gone answers as on AWS").toBe(403);
  });
});
