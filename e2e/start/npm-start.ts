import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { type RehearsalReport, rehearsalReportSchema } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import { awsCli } from "../support/aws-cli.ts";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { mustRun } from "../support/run-program.ts";
import { slipway } from "../support/slipway.ts";

/** An environment that `npm start` took to production. */
export interface Production {
  readonly report: RehearsalReport;
  /** Which keeps it up. */
  localAws: LocalAwsProcess;
}

/** Types `npm start` where nothing is yet. */
export async function takeToProduction(port: number, dataDir: string): Promise<Production> {
  const localAws = await LocalAwsProcess.npmStart({
    ...{ port, dataDir, words: ["--output", "json"] },
    // One document, on one line.
    isUp: (stdout) => stdout.endsWith("\n"),
  });
  return { report: rehearsalReportSchema.parse(JSON.parse(localAws.output)), localAws };
}

/**
 * What `npm start` has to have said and left, and what it does when it is stopped and typed again. Afterwards it keeps local AWS
 * up as before.
 */
export function testNpmStart(production: Production): void {
  test("took the items API to production with the real Terraform, and said so in one JSON document", () => {
    const { report, localAws } = production;
    expect(report).toMatchObject({
      label: "rehearsed on local AWS",
      endpoint: localAws.endpoint,
      changed: true,
      functionVersion: "2",
      terraform: { bootstrap: { change: 0, destroy: 0 }, prod: { change: 0, destroy: 0 } },
      smoke: { passed: true },
    });
    expect(report.terraform.prod?.add).toBeGreaterThan(40);
    expect(report.durationsMs.total).toBeGreaterThan(0);
    // Without a terminal: plain lines, no control codes.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
    expect(localAws.log).not.toMatch(/\u001b|\r/);
    expect(localAws.log).toMatch(/^apply exactly that plan - done \(.*\): \d+ added, 0 changed, 0 destroyed$/m);
    // A plan file holds secrets in clear text.
    expect(readdirSync(join(localAws.dataDir, "state/rehearsal/plans"))).toEqual([]);
  });

  test("released it through the engine: with a checklist, and judged by its first checkpoint", () => {
    const { report } = production;
    expect(report.release).toMatchObject({ id: "r1", isNew: true });
    expect(report.checkpoint).toMatchObject({ window: "immediate", verdict: "pass" });
    // Nothing of it failed; what nobody has looked at, or what was waived because it is a rehearsal, is said.
    const states = new Set(report.checklist?.map(({ status }) => status));
    expect([...states].sort()).toEqual(["unknown", "waived"]);
  });

  test("stops everything on Ctrl-C", async () => {
    const { port, dataDir } = production.localAws;
    const status = await slipway(["local", "status", "--port", String(port), "--output", "json"]);
    const { pid } = JSON.parse(status.stdout) as { pid: number };

    // With exit code 0, or this throws.
    await production.localAws.stop();

    expect((await slipway(["local", "status", "--port", String(port)])).code).toBe(3);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    // Functions end with it: nothing runs on this folder any more.
    expect(processesOn(dataDir)).toEqual([]);
  });

  describe("typed again", () => {
    test("has nothing to do, stays up, and says what to try next", async () => {
      const { port, dataDir } = production.localAws;

      production.localAws = await LocalAwsProcess.npmStart({
        ...{ port, dataDir },
        isUp: (stdout) => stdout.includes("local status"),
      });

      const { output } = production.localAws;
      expect(output).toContain("Nothing to do: prod is as the configuration says");
      expect(output).toContain(production.report.apiUrl);
      expect(output).toMatch(/curl -i '.*\/items'/);
      expect(output).toContain("aws logs tail /aws/lambda/api-handler-prod --since 5m");
      const widths = output.split("\n").flatMap((line) => (line.includes("http") ? [] : [line.length]));
      expect(Math.max(...widths)).toBeLessThan(121);
    });

    test("lets curl create, read, list, update and delete an item", async () => {
      const curl = async (
        method: string,
        path: string,
        body?: object,
        headers: Record<string, string> = {},
      ): Promise<{ status: number; body: string }> => {
        const data = body === undefined ? [] : ["-H", "content-type: application/json", "-d", JSON.stringify(body)];
        const others = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
        const { stdout } = await mustRun("curl", [
          ...["-sS", "-X", method, "-w", "\n%{http_code}", ...data, ...others, `${production.report.apiUrl}${path}`],
        ]);
        const at = stdout.lastIndexOf("\n");
        return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) };
      };
      const created = await curl("POST", "/items", { name: "by curl" }, { "Idempotency-Key": "by-curl" });
      expect(await curl("POST", "/items", { name: "by curl" }, { "Idempotency-Key": "by-curl" })).toEqual(created);
      expect(created.status).toBe(201);
      const { id } = JSON.parse(created.body) as { id: string };
      expect((await curl("GET", `/items/${id}`)).body).toContain("by curl");
      expect((await curl("GET", "/items?limit=100")).body).toContain(id);
      const updated = await curl("PATCH", `/items/${id}`, { description: "changed" }, { "If-Match": '"1"' });
      expect(JSON.parse(updated.body)).toMatchObject({ description: "changed", version: 2 });

      const client = new DynamoDBClient(production.localAws.client);
      const { Items: items } = await client.send(new ScanCommand({ TableName: "items-prod" }));
      client.destroy();
      expect(items?.map((item) => item.id?.S)).toContain(id);

      expect((await curl("DELETE", `/items/${id}`)).status).toBe(428);
      expect((await curl("DELETE", `/items/${id}`, undefined, { "If-Match": '"2"' })).status).toBe(204);
      expect((await curl("GET", `/items/${id}`)).status).toBe(404);
    });

    test("shows the guide's commands what happened", async () => {
      const aws = await awsCli(production.localAws);
      const logs = await aws.text("logs", "tail", "/aws/lambda/api-handler-prod", "--since", "5m");
      expect(logs).toMatch(/REPORT RequestId: \S+\s+Duration:/);
      expect(logs).toContain('"operation":"createItem"');
      const access = await aws.text(
        "logs",
        "tail",
        `/aws/apigateway/${production.report.apiUrl.split("/")[4]}`,
        "--since",
        "5m",
      );
      expect(access).toContain('"status":"201"');
      const { Datapoints: points } = await aws.json<{ Datapoints: { Sum: number }[] }>(
        ...["cloudwatch", "get-metric-statistics", "--namespace", "AWS/Lambda", "--metric-name", "Invocations"],
        ...["--dimensions", "Name=FunctionName,Value=api-handler-prod", "--period", "60", "--statistics", "Sum"],
        ...["--start-time", new Date(Date.now() - 600_000).toISOString()],
        ...["--end-time", new Date(Date.now() + 60_000).toISOString()],
      );
      expect(points.reduce((sum, { Sum }) => sum + Sum, 0)).toBeGreaterThanOrEqual(12);
      const alias = await aws.json<{ FunctionVersion: string }>(
        ...["lambda", "get-alias", "--function-name", "api-handler-prod", "--name", "live"],
      );
      expect(alias.FunctionVersion).toBe("2");
    });

    test("passes its smoke test again, by hand", async () => {
      const { code, stdout } = await slipway([
        "smoke",
        "prod",
        "--port",
        String(production.localAws.port),
        "--output",
        "json",
      ]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ passed: true, url: production.report.apiUrl });
    });
  });
}

/** Command lines of the processes that name a path, from /proc; empty where there is no /proc. */
function processesOn(path: string): string[] {
  if (!existsSync("/proc")) {
    return [];
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(path));
}
