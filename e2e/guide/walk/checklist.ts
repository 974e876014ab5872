import { expect } from "vitest";
import { INFRASTRUCTURE } from "./changes.ts";
import type { WalkedPage } from "./walked-command.ts";

const PROD = "infrastructure/environments/prod";
/** Lines of a checklist that failed; whether there are vulnerabilities is for the registry to say, on the day. */
const failed = (said: string) => (said.match(/^FAIL +.*$/gm) ?? []).filter((line) => !line.includes("vulnerabilities"));

/** Chapter 1: before anything is deployed. */
export const checklist: WalkedPage = {
  file: "1-pre-deployment-checklist.md",
  commands: [
    {
      begins: "slipway checklist prod   ",
      arrange: (walk) => walk.team.commit("Take larger bursts", INFRASTRUCTURE),
      // What is planned later, and ways back that nobody has rehearsed, are not known.
      exit: [1, 2],
      proves: (said) => {
        for (const line of [
          "All tests pass locally",
          "Code coverage meets",
          "Linting passes",
          "All commits are signed",
        ]) {
          expect(said).toMatch(new RegExp(`^pass +${line}`, "m"));
        }
        expect(said).toMatch(/^UNKNOWN +Recovery procedures tested/m);
        expect(failed(said)).toEqual([]);
      },
    },
    {
      begins: "slipway checklist prod --quick",
      exit: [1, 2],
      proves: (said) => {
        expect(said).toMatch(/^pass +All tests pass locally[\s\S]*reused from/m);
        expect(failed(said)).toEqual([]);
      },
    },
    {
      begins: "slipway checklist prod --only tests coverage --fresh",
      proves: (said) => expect(said).toMatch(/\d+ passed, 0 failed[\s\S]*%\s+of\s+the\s+lines\s+are\s+covered/),
    },
    {
      begins: "slipway checklist prod --waive checklist.recovery-tested",
      exit: [1, 2],
      proves: (said) =>
        expect(said).toMatch(
          /^waived +Recovery procedures tested[\s\S]*drill\s+planned\s+for\s+Monday,\s+ticket\s+123/m,
        ),
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
      proves: (said) => expect(said).toMatch(/All \d+ folders are valid, and nothing is found that is not accepted/),
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
      arrange: (walk) => walk.users.requests(8),
      proves: (said) => expect(said).toMatch(/items-prod: slipway-prod-\d{8}T\d{6}Z-before-release/),
    },
    { begins: "slipway backup prod verify", proves: (said) => expect(said).toMatch(/can\s+be\s+relied\s+on/) },
    {
      begins: "slipway state backup prod",
      proves: async (said, walk) => {
        const [name = ""] = /\d{8}T\d{6}Z-serial-\d+/.exec(said) ?? [];
        const copies = "aws s3 ls s3://terraform-state/prod/terraform.tfstate.backups/";
        expect(await walk.must(copies)).toContain(`${name}.json`);
      },
    },
    {
      begins: "slipway drill prod",
      // The way back from what is to be released, to what is live.
      proves: async (said, walk) => {
        expect(said).toMatch(/rehearsed\s+on\s+local\s+AWS/);
        expect(await walk.must("slipway checklist prod --only recovery-tested")).not.toMatch(/^(?:UNKNOWN|FAIL)/m);
      },
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
