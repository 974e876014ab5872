import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ServiceCoverage } from "@slipway/local-aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCAL_AWS_REFERENCE, localAwsReference } from "../../documentation/local-aws-reference.ts";
import { golden } from "../test/golden.ts";
import { type LocalAwsFixture, localAwsFixture } from "../test/local-aws-fixture.ts";

let fixture: LocalAwsFixture;

beforeAll(async () => {
  fixture = await localAwsFixture();
});

afterAll(() => fixture.close());

test("counts what every service has", async () => {
  const { code, stdout } = await fixture.local("coverage");

  expect(code).toBe(0);
  for (const service of [
    "apigateway",
    "dynamodb",
    "iam",
    "kms",
    "lambda",
    "logs",
    "monitoring",
    "s3",
    "scheduler",
    "sns",
    "sts",
  ]) {
    const [, has = "0", of = "0"] = new RegExp(`^${service}\\s+(\\d+)\\s+(\\d+)`, "m").exec(stdout) ?? [];
    expect(Number(has), service).toBeGreaterThan(0);
    expect(Number(of), service).toBeGreaterThanOrEqual(Number(has));
  }
  expect(stdout).toMatch(/refused at once, by name\. Details: slipway local coverage SERVICE\n$/);
});

test("lists the operations of one service, for people and for programs", async () => {
  const text = await fixture.local("coverage", "dynamodb");
  const json = await fixture.local("coverage", "dynamodb", "--output", "json");

  expect(text.stdout).toMatch(/^dynamodb has \(\d+\):\n(?: {2}\w+\n)* {2}PutItem\n/);
  expect(text.stdout).toMatch(/^dynamodb refuses \(\d+\):\n(?: {2}\w+\n)* {2}CreateGlobalTable\n/m);
  const { services } = JSON.parse(json.stdout) as { services: ServiceCoverage[] };
  const { implemented = [], missing = [] } = services[0] ?? {};
  expect(services).toHaveLength(1);
  expect(implemented).toContain("PutItem");
  expect(missing).toContain("CreateGlobalTable");
  expect(implemented.filter((name) => missing.includes(name))).toEqual([]);
});

test("prints its document", async () => {
  await golden("local coverage", (await fixture.local("coverage", "sts", "--output", "json")).stdout);
});

test("a service that is not there is answered with those that are", async () => {
  const { code, stderr } = await fixture.local("coverage", "ec2");

  expect(code).toBe(1);
  expect(stderr).toMatch(/^slipway: service: local AWS has no 'ec2'\. It has apigateway, .*dynamodb.*\.\n$/);
});

test("the page about local AWS has what it has: npm run docs", async () => {
  const { stdout } = await fixture.local("coverage", "--output", "json");
  const repository = resolve(import.meta.dirname, "../../../..");

  expect(readFileSync(join(repository, LOCAL_AWS_REFERENCE), "utf8")).toBe(
    localAwsReference((JSON.parse(stdout) as { services: ServiceCoverage[] }).services),
  );
});
