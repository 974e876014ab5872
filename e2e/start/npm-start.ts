import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { rehearsalReportSchema } from "@slipway/contracts";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsCli, awsCli } from "./support/aws-cli.ts";
import { eventually } from "./support/eventually.ts";
import { freePort } from "./support/free-port.ts";
import { repositoryRoot } from "./support/repository.ts";
import { mustRun, runProgram } from "./support/run-program.ts";
import { mustSlipway, slipway } from "./support/slipway.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** What the npm script `start` runs, without npm's own lines on stdout. */
const START = [join(repositoryRoot, "scripts/run.mjs"), "apps/cli/src/main.ts", "rehearse"];

const folder = temporaryFolder("start");
let port: number;
let endpoint: string;
let report: ReturnType<typeof rehearsalReportSchema.parse>;

function ground(): string[] {
  return ["--port", String(port), "--data-dir", folder.path];
}

/** The environment of tools that talk to local AWS. */
function clientEnvironment(): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE: _, ...env } = process.env;
  return {
    ...env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: ROOT_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: ROOT_SECRET_ACCESS_KEY,
  };
}

beforeAll(async () => {
  port = await freePort();
  endpoint = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  await slipway(["local", "stop", "--port", String(port)]);
  folder.remove();
});

describe("npm start", () => {
  it("takes the items API to production with the real Terraform, and says so in one JSON document", async () => {
    const { code, stdout, stderr } = await runProgram(
      process.execPath,
      [...START, "--once", "--output", "json", ...ground()],
      {
        cwd: repositoryRoot,
        timeoutMs: 280_000,
      },
    );
    expect(code, stderr).toBe(0);
    report = rehearsalReportSchema.parse(JSON.parse(stdout));
    expect(report).toMatchObject({
      label: "rehearsed on local AWS",
      endpoint,
      changed: true,
      functionVersion: "2",
      terraform: { bootstrap: { change: 0, destroy: 0 }, prod: { change: 0, destroy: 0 } },
      smoke: { passed: true },
    });
    expect(report.terraform.prod?.add).toBeGreaterThan(40);
    expect(report.durationsMs.total).toBeGreaterThan(0);
    // Without a terminal: plain lines, no control codes.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
    expect(stderr).not.toMatch(/\u001b|\r/);
    expect(stderr).toMatch(/^apply prod - done \(.*\): \d+ added, 0 changed, 0 destroyed$/m);
    // A plan file holds secrets in clear text.
    expect(readdirSync(join(folder.path, "state/rehearsal/plans"))).toEqual([]);
  });

  describe("started again", () => {
    let job: ChildProcess;
    let output = "";
    let aws: AwsCli;

    beforeAll(async () => {
      job = spawn(process.execPath, [...START, ...ground()], {
        cwd: repositoryRoot,
        stdio: ["ignore", "pipe", "pipe"],
      });
      job.stdout?.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
      });
      let errors = "";
      job.stderr?.on("data", (chunk: Buffer) => {
        errors += chunk.toString("utf8");
      });
      await eventually(async () => {
        expect(job.exitCode, errors).toBeNull();
        expect(output).toContain("local status");
      }, 120_000);
      aws = await awsCli({ endpoint, env: clientEnvironment() });
    });

    afterAll(() => {
      job.kill("SIGKILL");
    });

    it("has nothing to do, stays up, and says what to try next", () => {
      expect(output).toContain("Nothing to do: prod is as the configuration says");
      expect(output).toContain(report.apiUrl);
      expect(output).toMatch(/curl -i '.*\/items'/);
      expect(output).toContain("aws logs tail /aws/lambda/api-handler-prod --since 5m");
      expect(
        Math.max(
          ...output
            .split("\n")
            .filter((line) => !line.includes("http"))
            .map((line) => line.length),
        ),
      ).toBeLessThan(121);
    });

    it("lets curl create, read, list, update and delete an item", async () => {
      const curl = async (method: string, path: string, body?: object): Promise<{ status: number; body: string }> => {
        const data = body === undefined ? [] : ["-H", "content-type: application/json", "-d", JSON.stringify(body)];
        const { stdout } = await mustRun("curl", [
          ...["-sS", "-X", method, "-w", "\n%{http_code}", ...data, `${report.apiUrl}${path}`],
        ]);
        const at = stdout.lastIndexOf("\n");
        return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) };
      };
      const created = await curl("POST", "/items", { name: "by curl" });
      expect(created.status).toBe(201);
      const { id } = JSON.parse(created.body) as { id: string };
      expect((await curl("GET", `/items/${id}`)).body).toContain("by curl");
      expect((await curl("GET", "/items?limit=100")).body).toContain(id);
      const updated = await curl("PATCH", `/items/${id}`, { description: "changed" });
      expect(JSON.parse(updated.body)).toMatchObject({ description: "changed", version: 2 });

      const client = new DynamoDBClient({
        endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
      });
      const { Items: items } = await client.send(new ScanCommand({ TableName: "items-prod" }));
      client.destroy();
      expect(items?.map((item) => item.id?.S)).toContain(id);

      expect((await curl("DELETE", `/items/${id}`)).status).toBe(204);
      expect((await curl("GET", `/items/${id}`)).status).toBe(404);
    });

    it("shows the guide's commands what happened", async () => {
      const logs = await aws.text("logs", "tail", "/aws/lambda/api-handler-prod", "--since", "5m");
      expect(logs).toMatch(/REPORT RequestId: \S+\s+Duration:/);
      expect(logs).toContain('"operation":"createItem"');
      const access = await aws.text("logs", "tail", `/aws/apigateway/${report.apiUrl.split("/")[4]}`, "--since", "5m");
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

    it("passes its smoke test again, by hand", async () => {
      const { code, stdout } = await slipway(["smoke", "prod", "--port", String(port), "--output", "json"]);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ passed: true, url: report.apiUrl });
    });

    it("stops everything on Ctrl-C", async () => {
      const { pid } = JSON.parse(
        await mustSlipway(["local", "status", "--port", String(port), "--output", "json"]),
      ) as {
        pid: number;
      };
      const ended = once(job, "exit");
      job.kill("SIGINT");
      const [code] = await ended;
      expect(code).toBe(0);
      expect((await slipway(["local", "status", "--port", String(port)])).code).toBe(3);
      expect(existsSync(`/proc/${pid}`)).toBe(false);
      // Functions end with it: nothing runs on this folder any more.
      expect(processesOn(folder.path)).toEqual([]);
    });
  });
});

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
