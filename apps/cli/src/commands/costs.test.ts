import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { costReportSchema } from "@slipway/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { freePort, type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";
import { runSlipway, type Said } from "../test/run-slipway.ts";

let aws: LocalAwsFixture;
let folder: string;
let stateFile: string;

beforeAll(async () => {
  aws = await localAwsFixture();
  folder = mkdtempSync(join(tmpdir(), "slipway-costs-"));
  stateFile = join(folder, "prod.tfstate");
  const instances = [{ attributes: { id: "gone", alarm_name: "gone" } }];
  const resources = [{ mode: "managed", type: "aws_cloudwatch_metric_alarm", name: "gone", instances }];
  writeFileSync(stateFile, JSON.stringify({ version: 4, serial: 1, resources }));
});

afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

function costs(...words: string[]): Promise<Said> {
  const where = ["--local", "--port", String(aws.localAws.port), "--reports", join(folder, "reports")];
  return runSlipway(["costs", "prod", ...where, ...words]);
}

function fileOf(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

describe("slipway costs", () => {
  it("prints the report as one JSON document, and keeps it", async () => {
    const { code, stdout, stderr } = await costs("--state", stateFile, "--output", "json");
    expect(code, stderr).toBe(0);
    const report = costReportSchema.parse(JSON.parse(stdout));
    await golden("costs", report);
    expect(report).toMatchObject({ label: "rehearsed on local AWS", environment: "prod", totalUsdPerMonth: 0 });
    expect(report.resources).toMatchObject([{ name: "gone", lines: [] }]);
    expect(readdirSync(join(folder, "reports")).join()).toMatch(/^costs-prod-.*\.json$/);
  });

  it("falls back to the dated table when the Price List cannot be reached, and says so", async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const where = ["--local", "--port", String(aws.localAws.port), "--reports", join(folder, "other-reports")];
    const { code, stdout, stderr } = await runSlipway(
      ["costs", "prod", ...where, "--state", stateFile, "--price-list", "--output", "json"],
      { env: { SLIPWAY_PRICE_LIST_URL: nobody } },
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/warning: The AWS Price List at http:\/\/127\.0\.0\.1:\d+ cannot be read/);
    expect(stderr).toMatch(/The prices are those of \d{4}-\d\d-\d\d/);
    expect(costReportSchema.parse(JSON.parse(stdout)).prices.origin).toBe("table of Slipway");
  });

  it("is incomplete when calls fail", async () => {
    await aws.local("faults", "add", "--kind", "error", "--service", "monitoring", "--operation", "DescribeAlarms");
    const { code, stdout, stderr } = await costs("--state", stateFile);
    await aws.local("faults", "clear");
    expect(code).toBe(2);
    expect(stdout).toMatch(/INCOMPLETE: these could not be found out\n {2}cloudwatch:DescribeAlarms failed/);
    expect(stderr).toContain("the report is incomplete");
  });

  it.each([
    ["--days", "0", "--days: '0' is no whole number from 1 to 455."],
    ["--days", "1.5", "--days: '1.5' is no whole number from 1 to 455."],
    ["--fail-above", "much", "--fail-above: 'much' is no number of at least 0."],
    ["--fail-above", "-1", "--fail-above: '-1' is no number of at least 0."],
    ["--prices", "/no/such/file.json", "--prices: /no/such/file.json cannot be read as JSON"],
    ["--compare", "/no/such/file.json", "--compare: /no/such/file.json is no cost report."],
    ["--state", "/no/such/file.tfstate", "The Terraform state /no/such/file.tfstate cannot be read"],
  ])("refuses %s %s, and exits with 2", async (flag, value, message) => {
    const { code, stderr, stdout } = await costs(`${flag}=${value}`);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
  });

  it("names every field of a price file that is wrong", async () => {
    const prices = { "kms.key": { usd: "1", unit: "key", per: 1, source: "https://aws.amazon.com/kms/pricing/" } };
    const file = fileOf("wrong.json", { version: 1, region: "us-east-1", currency: "EUR", date: "2026-11-23", prices });
    const { code, stderr } = await costs("--prices", file);
    expect(code).toBe(2);
    expect(stderr).toContain("  currency: ");
    expect(stderr).toContain('  prices["kms.key"].usd: expected number, received string');
    expect(stderr).toContain('  prices["kms.key"].date: ');
  });

  it("refuses prices of another Region, and a report of another environment", async () => {
    const table = { version: 1, region: "eu-west-1", currency: "USD", date: "2026-11-23", prices: {} };
    const other = await costs("--prices", fileOf("eu.json", table), "--state", stateFile);
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("region: it says eu-west-1, and the environment is in us-east-1");
    const { stdout } = await costs("--state", stateFile, "--output", "json");
    const report = fileOf("dev.json", { ...JSON.parse(stdout), environment: "dev" });
    const compared = await costs("--compare", report);
    expect(compared.code).toBe(2);
    expect(compared.stderr).toContain("is a report of dev, not of prod");
  });

  it("says so when the environment has not been applied, or does not exist", async () => {
    const none = await costs();
    expect(none.code).toBe(2);
    expect(none.stderr).toContain("s3:GetObject failed");
    const unknown = await runSlipway(["costs", "mars"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("environment: there is no 'mars'");
  });

  it("says so when no local AWS runs", async () => {
    const { code, stderr } = await runSlipway(["costs", "prod", "--local", "--port", String(await freePort())]);
    expect(code).toBe(2);
    expect(stderr).toContain("No local AWS answers on port");
  });
});
