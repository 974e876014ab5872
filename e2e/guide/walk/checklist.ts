import { expect } from "vitest";
import type { WalkedPage } from "./walked-command.ts";

const PROD = "infrastructure/environments/prod";
/** The lines of a checklist that say something else than that it is well. */
const notWell = (said: string) => said.match(/^.*\b(?:FAIL|UNKNOWN|fail|unknown)\b.*$/gm) ?? [];

/** Chapter 1: before anything is deployed. */
export const checklist: WalkedPage = {
  file: "1-pre-deployment-checklist.md",
  commands: [
    {
      begins: "slipway checklist prod   ",
      // What nobody has looked at yet is not known, and nothing fails.
      exit: 2,
      proves: (said) => {
        for (const line of [/tests pass locally.*/, /coverage meets.*/, /Linting passes.*/, /commits are signed.*/]) {
          expect(said).toMatch(line);
        }
        expect(said).not.toMatch(/\bFAIL/);
        expect(notWell(said).length).toBeGreaterThan(0);
      },
    },
    {
      begins: "slipway checklist prod --quick",
      exit: 2,
      proves: (said) => expect(said).toMatch(/tests pass locally/),
    },
    {
      begins: "slipway checklist prod --only tests coverage --fresh",
      proves: (said) => expect(said).toMatch(/\d+ passed, 0 failed[\s\S]*% of the lines are covered/),
    },
    {
      begins: "slipway checklist prod --waive checklist.recovery-tested",
      exit: 2,
      proves: (said) => expect(said).toMatch(/waived[\s\S]*drill planned for Monday, ticket 123/i),
    },
    { begins: "npm test", proves: (said) => expect(said).toMatch(/Tests\s+\d+ passed/) },
    { begins: "npm run test:coverage", proves: (said) => expect(said).toMatch(/Lines\s+: 9\d(\.\d+)?%/) },
    { begins: "npm run lint", proves: (said) => expect(said).toContain("Lint: all clean.") },
    {
      begins: "npm audit",
      // 1 where there are any, or the registry tells nobody.
      exit: [0, 1],
      proves: (said, _walk, { stderr }) =>
        expect(said + stderr).toMatch(/found 0 vulnerabilities|severity|audit endpoint returned an error/),
    },
    {
      begins: "git log --show-signature",
      proves: (said) => expect(said).toContain('Good "git" signature for jane@example.com'),
    },
    {
      begins: "terraform -chdir=infrastructure/environments/prod validate",
      // Chapter 2 has it as a step of its own; who has never planned begins with it.
      arrange: (walk) => walk.must(`terraform -chdir=${PROD} init -backend-config=backend.hcl`),
      proves: (said) => expect(said).toContain("The configuration is valid"),
    },
    {
      ...{ begins: "terraform validate", original: true, folder: PROD },
      proves: (said) => expect(said).toContain("The configuration is valid"),
    },
    { begins: "terraform fmt -check -recursive infrastructure", proves: (said) => expect(said).toBe("") },
    { begins: "terraform fmt -check", original: true, folder: PROD, proves: (said) => expect(said).toBe("") },
    {
      ...{ begins: "terraform plan", original: true, folder: PROD },
      proves: (said) => expect(said).toMatch(/Plan: 0 to add, \d to change, 0 to destroy/),
    },
    {
      begins: "npm run validate:infrastructure",
      proves: (said) => expect(said).toMatch(/Everything|clean|no findings|passed/i),
    },
    {
      begins: "npm run detect:orphans -- prod",
      proves: (said) => expect(said).toMatch(/0 orphans/),
    },
    {
      ...{ begins: "npm run detect:orphans", original: true },
      proves: (said) => expect(said).toMatch(/0 orphans/),
    },
    {
      begins: "aws iam get-role-policy",
      proves: (said) =>
        expect(JSON.parse(said)).toMatchObject({
          RoleName: "api-handler-prod-execution",
          PolicyDocument: { Statement: expect.arrayContaining([expect.objectContaining({ Effect: "Allow" })]) },
        }),
    },
    {
      begins: "aws lambda get-function-configuration",
      proves: (said) =>
        expect(JSON.parse(said)).toMatchObject({
          DYNAMODB_TABLE_NAME: "items-prod",
          CORS_ALLOW_ORIGIN: "https://app.example.com",
        }),
    },
    {
      begins: "aws apigateway get-stage",
      proves: (said) =>
        expect(JSON.parse(said)).toMatchObject({ "*/*": { throttlingRateLimit: 500, throttlingBurstLimit: 1000 } }),
    },
    {
      begins: "slipway backup prod create --name before-release",
      // A backup that holds nothing would prove nothing.
      arrange: (walk) => walk.requests(8),
      proves: (said) => expect(said).toMatch(/before-release/),
    },
    { begins: "slipway backup prod verify", proves: (said) => expect(said).toMatch(/can\s+be\s+relied\s+on/) },
    {
      begins: "slipway state backup prod",
      proves: async (_said, walk) =>
        expect(await walk.must("aws s3 ls --recursive s3://terraform-state/")).toMatch(/backup/),
    },
    {
      begins: "slipway drill prod",
      proves: (said) => expect(said).toMatch(/rehearsed on local AWS/),
    },
    {
      begins: "aws dynamodb create-backup",
      proves: (said) => expect(JSON.parse(said)).toMatchObject({ BackupDetails: { BackupName: "before-release" } }),
    },
    {
      begins: "aws dynamodb list-backups",
      proves: (said, walk) => {
        const { BackupSummaries } = JSON.parse(said) as {
          BackupSummaries: { BackupName: string; BackupArn: string }[];
        };
        expect(BackupSummaries.map(({ BackupName }) => BackupName)).toContain("before-release");
        walk.facts.set("backup", BackupSummaries.at(-1)?.BackupArn ?? "");
      },
    },
    {
      begins: "aws dynamodb describe-continuous-backups",
      proves: (said) =>
        expect(JSON.parse(said)).toMatchObject({
          ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED" } },
        }),
    },
  ],
};
