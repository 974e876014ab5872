import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { infrastructureReportSchema } from "@slipway/contracts";
import { expect, onTestFinished, test, vi } from "vitest";
import { readSetupRecord } from "../../scripts/setup/setup-record.mjs";
import { renderReport } from "./render-report.ts";
import { type JudgedConfig, reportInfrastructure } from "./report-infrastructure.ts";

const provider = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Project = "tiny" }
  }
}
`;

/** Needs no provider: each start of one takes seconds. */
const bootstrap = `resource "terraform_data" "x" {
  input = "x"
}
`;

/** What its policy says is known only after the apply, because of the role's ARN in it. */
const environment = `${provider}
variable "name" {
  type = string
}

resource "aws_iam_role" "function" {
  name = var.name
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "LambdaService", Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "function" {
  name = "own"
  role = aws_iam_role.function.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "ReadItself", Effect = "Allow", Action = "iam:GetRole", Resource = aws_iam_role.function.arn },
      { Sid = "ReadQueues", Effect = "Allow", Action = "sqs:ReceiveMessage", Resource = "*" },
    ]
  })
}
`;

const config: JudgedConfig = {
  region: "us-east-1",
  infrastructure: "infrastructure",
  bootstrap: { directory: "infrastructure/bootstrap", variables: {} },
  environments: {
    prod: {
      protected: true,
      terraform: { directory: "infrastructure/environments/prod", variables: { name: "tiny" } },
    },
  },
  infrastructurePolicy: {
    requiredTags: ["Project"],
    accepted: [],
    next: { "iam.wildcard-resource": "name the queues that the team owns" },
  },
};

function report(files: Readonly<Record<string, string>>, isStatic = false) {
  const repository = mkdtempSync(join(tmpdir(), "slipway-report-"));
  onTestFinished(() => rmSync(repository, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, "infrastructure", path)), { recursive: true });
    writeFileSync(join(repository, "infrastructure", path), content);
  }
  const setup = readSetupRecord(resolve(import.meta.dirname, "../.."));
  if (setup === undefined) {
    throw new Error("no Terraform on this machine: npm run setup");
  }
  return reportInfrastructure({
    repository,
    config,
    terraform: setup.terraform,
    pluginDir: setup.provider.source === "mirror" ? setup.provider.dir : undefined,
    env: process.env,
    isStatic,
    now: new Date("2026-11-23T12:00:00Z"),
  });
}

test("what the plan does not know is judged on what its apply makes, and nothing is left", {
  timeout: 300_000,
}, async () => {
  const scratch = mkdtempSync(join(tmpdir(), "slipway-scratch-"));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  vi.stubEnv("TMPDIR", scratch);
  onTestFinished(() => void vi.unstubAllEnvs());

  const found = infrastructureReportSchema.parse(
    await report({ "bootstrap/main.tf": bootstrap, "environments/prod/main.tf": environment }),
  );

  expect(found.verdict).toBe("fail");
  expect(found.folders.map(({ folder, messages }) => [folder, messages])).toEqual([
    ["bootstrap", []],
    ["environments/prod", []],
  ]);
  expect(found.findings).toMatchObject([
    {
      id: "iam.wildcard-resource",
      status: "fail",
      root: "environments/prod",
      address: "aws_iam_role_policy.function",
      statement: "ReadQueues",
      next: "name the queues that the team owns",
    },
  ]);
  expect(found.evidence.filter(({ status }) => status !== "pass")).toMatchObject([
    { check: "infrastructure.iam", subject: "environments/prod", status: "fail" },
  ]);
  expect(renderReport(found, 80)).toContain("The infrastructure is NOT as it should be: 1 finding is open.\n");
  expect(readdirSync(scratch).filter((name) => /^slipway-(render|validate)-/.test(name))).toEqual([]);
});

const simple = 'variable "name" {\n  type = string\n}\n';

test("without plans and applies nobody knows, and a broken folder is broken all the same", async () => {
  const unknown = await report({ "bootstrap/main.tf": bootstrap, "environments/prod/main.tf": simple }, true);
  const broken = await report({ "bootstrap/main.tf": bootstrap, "environments/prod/main.tf": `x${simple}` }, true);

  expect(unknown.verdict).toBe("unknown");
  expect(unknown.evidence.filter(({ status }) => status === "unknown")).toHaveLength(6);
  expect(renderReport(unknown, 80)).toContain("6 checks could not be made.");
  expect(broken.verdict).toBe("fail");
  expect(renderReport(broken, 80)).toContain("1 of 2 folders is not valid, ");
});

test("what cannot be applied is unknown, with what Terraform said", { timeout: 300_000 }, async () => {
  const failing = bootstrap.replace('"x"\n}', '"x"\n\n  provisioner "local-exec" {\n    command = "exit 3"\n  }\n}');

  const found = await report({ "bootstrap/main.tf": failing, "environments/prod/main.tf": simple });

  const iam = found.evidence.filter(({ check }) => check === "infrastructure.iam");
  expect(found.verdict).toBe("unknown");
  expect(iam).toMatchObject([
    {
      subject: "bootstrap",
      status: "unknown",
      found: expect.stringMatching(/only its plan could be judged: terraform apply failed.*exit status 3/s),
    },
    {
      subject: "environments/prod",
      status: "unknown",
      found: expect.stringContaining("because the bootstrap that it stands on could not be"),
    },
  ]);
});
