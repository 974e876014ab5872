import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Walk } from "./walk.ts";
import type { WalkedPage } from "./walked-command.ts";

const json = <T>(said: string) => JSON.parse(said) as T;
/** The first release, then one of limits and rights, then one of code, which is live. */
const backToLive = (walk: Walk) => walk.backTo("live");
const burst = async (walk: Walk) => {
  const stage = `aws apigateway get-stage --rest-api-id ${walk.fact("api")} --stage-name prod --query methodSettings`;
  return json<Record<string, { throttlingBurstLimit: number }>>(await walk.must(stage))["*/*"]?.throttlingBurstLimit;
};
const table = "items-prod-restored-20261128-161500";
const second = "2026-11-28T16:15:00Z";

/** Chapter 4: the way back of code, infrastructure, and data. */
export const rollback: WalkedPage = {
  file: "4-rollback-procedures.md",
  commands: [
    {
      begins: "slipway rollback prod --plan",
      proves: async (said, walk) => {
        expect(said).toContain(walk.fact("limits"));
        expect(await walk.live()).toBe(walk.fact("new"));
      },
    },
    {
      begins: 'slipway rollback prod --reason "customers',
      proves: async (_said, walk) => expect(await walk.live()).not.toBe(walk.fact("new")),
    },
    {
      begins: "slipway drill prod",
      leftOut:
        "chapter 1 has typed it, with the same files checked out; it takes as long as all the rest of this chapter",
    },
    {
      begins: "slipway history prod",
      arrange: backToLive,
      proves: (said, walk) =>
        expect(said).toMatch(
          new RegExp(["health", "limits", "first"].map((name) => `\\b${walk.fact(name)}\\b`).join("[^]*")),
        ),
    },
    { begins: "slipway rollback prod --plan", proves: (said, walk) => expect(said).toContain(walk.fact("limits")) },
    {
      begins: 'slipway rollback prod --reason "r12 times out"',
      values: (walk) => ({ r12: walk.fact("health") }),
      proves: async (said, walk) => {
        expect(said).toContain(walk.fact("health"));
        expect(await walk.live()).not.toBe(walk.fact("new"));
      },
    },
    {
      begins: "slipway rollback prod --to r10",
      values: (walk) => ({ r10: walk.fact("first"), r11: walk.fact("limits") }),
      proves: async (_said, walk) => expect(await walk.live()).toBe(walk.fact("first version")),
    },
    {
      begins: "slipway rollback prod --take-over",
      arrange: async (walk) => {
        await backToLive(walk);
        walk.team.commit("Say what was released", { "CHANGELOG.md": [["### Added\n\n", "### Added\n\n- A word.\n"]] });
        walk.hung = await walk.hang("slipway deploy prod", / - (?:done|FAILED)/);
      },
      proves: async (_said, walk) => {
        walk.hung?.();
        expect(await walk.must("slipway status prod || true")).toMatch(/Lease +free/);
        expect(await walk.live()).toBe(walk.fact("new"));
      },
    },
    {
      begins: "slipway rollback prod --break-glass",
      arrange: async (walk) => {
        await backToLive(walk);
        // Every reading of the ledger keeps the copy.
        await walk.must("slipway history prod");
        const fault = { kind: "error", service: "dynamodb", resource: "slipway-ledger" } as const;
        await walk.localAws.control("POST", "faults", fault);
      },
      proves: async (said, walk) => {
        await walk.localAws.control("DELETE", "faults");
        expect(said).toMatch(/ledger reconcile/);
        expect(await walk.live()).not.toBe(walk.fact("new"));
      },
    },
    {
      begins: "slipway ledger reconcile prod",
      proves: async (_said, walk) => {
        expect(await walk.must("slipway ledger verify prod")).toMatch(/whole|intact|verified/i);
        expect(await walk.live()).not.toBe(walk.fact("new"));
      },
    },
    {
      begins: "aws lambda get-alias",
      arrange: backToLive,
      proves: (said, walk) => expect(json(said)).toMatchObject({ Name: "live", FunctionVersion: walk.fact("new") }),
    },
    {
      begins: "aws lambda update-alias",
      values: (walk) => ({ "--function-version 7": `--function-version ${walk.fact("first version")}` }),
      proves: async (_said, walk) => expect(await walk.live()).toBe(walk.fact("first version")),
    },
    {
      begins: "aws logs tail /aws/lambda/api-handler-prod --follow",
      arrange: (walk) => walk.users.requests(4),
      until: /REPORT RequestId/,
      proves: (said) => expect(said).toContain('"operation":'),
    },
    {
      begins: "aws cloudwatch get-metric-statistics",
      proves: (said) => expect(json(said)).toMatchObject({ Label: "Errors", Datapoints: expect.any(Array) }),
    },
    {
      begins: "slipway rollback prod infrastructure --plan",
      arrange: backToLive,
      proves: (said, walk) => expect(said).toContain(walk.fact("limits")),
    },
    {
      begins: "slipway rollback prod infrastructure --to r12",
      values: (walk) => ({ r12: walk.fact("first") }),
      proves: async (_said, walk) => expect(await burst(walk)).toBe(1000),
    },
    {
      begins: "cd infrastructure/environments/prod",
      arrange: backToLive,
      proves: (folder) => expect(folder).toMatch(/prod$/),
    },
    {
      begins: "terraform state list",
      proves: (said) => expect(said).toContain("module.items.module.table.aws_dynamodb_table.this\n"),
    },
    {
      begins: "terraform state show module.items.module.table.aws_dynamodb_table.this",
      proves: (said) => expect(said).toMatch(/name += "items-prod"/),
    },
    {
      begins: "git worktree add before COMMIT",
      values: (walk) => ({ COMMIT: walk.team.git("rev-list", "-1", "--grep", "^Make it our own$", "HEAD").trim() }),
      proves: (_said, { team }) => expect(team.git("worktree", "list").trim().split("\n")).toHaveLength(2),
    },
    { begins: "here=$PWD", proves: (said) => expect(said).toMatch(/infrastructure\/environments\/prod$/) },
    {
      begins: "terraform -chdir=before/infrastructure/environments/prod init",
      proves: (said) => expect(said).toContain("Terraform has been successfully initialized!"),
    },
    {
      begins: "terraform -chdir=before/infrastructure/environments/prod plan",
      proves: (said) => expect(said).toMatch(/throttling_burst_limit += 1200 -> 1000/),
    },
    {
      begins: "terraform -chdir=before/infrastructure/environments/prod show tfplan",
      proves: (said) => expect(said).toMatch(/throttling_burst_limit += 1200 -> 1000/),
    },
    {
      begins: "terraform -chdir=before/infrastructure/environments/prod apply tfplan",
      proves: async (said, walk) => {
        expect(said).toMatch(/Apply complete! Resources: 0 added, \d changed, 0 destroyed/);
        expect(await burst(walk)).toBe(1000);
        walk.team.git("worktree", "remove", "--force", "before");
        rmSync(join(walk.team.clone, "before"), { recursive: true, force: true });
      },
    },
    {
      begins: "slipway state list prod",
      arrange: async (walk) => {
        await backToLive(walk);
        const versions = "aws s3api list-object-versions --bucket terraform-state --prefix prod/terraform.tfstate";
        walk.facts.set("state", (await walk.must(`${versions} --query 'Versions[1].VersionId' --output text`)).trim());
      },
      proves: (said, walk) => expect(said).toContain(walk.fact("state")),
    },
    {
      begins: "slipway state restore prod --version",
      values: (walk) => ({ "3sL4kqtJlcpXroDTDmJ": walk.fact("state") }),
      proves: (said) => expect(said).toMatch(/serial/),
    },
    {
      begins: "slipway rollback prod data --undo --release r12 --where after.price=0 --plan",
      arrange: async (walk) => {
        await backToLive(walk);
        await walk.users.spoil(5);
        // Scenario 1 comes first: what still has traffic goes on writing.
        await walk.must('slipway rollback prod --reason "r4 spoils items"');
      },
      values: (walk) => ({ r12: walk.fact("health"), "after.price=0": "after.description=spoilt" }),
      proves: (said) => expect(said).toMatch(/\b5\b/),
    },
    {
      begins: "slipway rollback prod data --undo --release r12 --where after.price=0",
      answer: "yes",
      values: (walk) => ({ r12: walk.fact("health"), "after.price=0": "after.description=spoilt" }),
      proves: async (_said, walk) => {
        expect(await walk.spoiltItems()).toBe(0);
        walk.facts.set("undo", await walk.newest());
      },
    },
    {
      begins: "slipway rollback prod data --undo-of r13",
      answer: "yes",
      values: (walk) => ({ r13: walk.fact("undo") }),
      proves: async (_said, walk) => expect(await walk.spoiltItems()).toBe(5),
    },
    { begins: "slipway backup prod list", proves: (said) => expect(said).toMatch(/before-release[\s\S]*/) },
    {
      begins: "slipway rollback prod data --restore --to-time 2026-11-28T16:15:00Z --dry-run",
      arrange: async (walk) => {
        await backToLive(walk);
        walk.facts.set("second", await walk.users.spoil(5));
      },
      values: (walk) => ({ [second]: walk.fact("second") }),
      proves: (said) => expect(said).toMatch(/items-prod-restored/),
    },
    {
      begins: "slipway rollback prod data --restore --to-time 2026-11-28T16:15:00Z --reason",
      values: (walk) => ({ [second]: walk.fact("second"), r12: walk.fact("health") }),
      // It gives the function rights to another table, which somebody else accepts.
      exit: [0, 1, 2, 3],
      proves: (said) => expect(said).toMatch(/items-prod/),
    },
    {
      begins: "aws dynamodb list-backups",
      proves: (said) => expect(json(said)).toMatchObject({ BackupSummaries: expect.any(Array) }),
    },
    {
      begins: "aws dynamodb describe-continuous-backups",
      proves: (said) =>
        expect(json(said)).toMatchObject({ ContinuousBackupsDescription: { ContinuousBackupsStatus: "ENABLED" } }),
    },
    {
      ...{ begins: "aws dynamodb restore-table-from-backup", original: true },
      values: (walk) => ({
        "arn:aws:dynamodb:us-east-1:ACCOUNT:table/items-prod/backup/BACKUP_ID": walk.fact("backup"),
      }),
      proves: (said) => expect(json(said)).toMatchObject({ TableDescription: { TableName: "items-prod-restored" } }),
    },
    {
      begins: "aws dynamodb restore-table-to-point-in-time",
      values: (walk) => ({ [second]: walk.fact("second") }),
      proves: (said) => expect(json(said)).toMatchObject({ TableDescription: { TableName: table } }),
    },
    { begins: "aws dynamodb wait table-exists", proves: (said) => expect(said).toBe("") },
    {
      begins: `aws dynamodb describe-table --table-name ${table}`,
      proves: (said) => {
        const [status, count] = json<[string, number]>(said);
        expect([status, count > 0]).toEqual(["ACTIVE", true]);
      },
    },
    {
      begins: "slipway show prod r13",
      arrange: async (walk) => {
        await backToLive(walk);
        await walk.must(`slipway rollback prod --to ${walk.fact("first")} --reason "to have one to write about"`);
        walk.facts.set("rollback", await walk.newest());
      },
      values: (walk) => ({ r13: walk.fact("rollback") }),
      proves: (said) => expect(said).toMatch(/Identified root cause/),
    },
    {
      begins: "slipway note prod root-cause",
      values: (walk) => ({ r12: walk.fact("health"), r13: walk.fact("rollback") }),
      proves: async (_said, walk) =>
        expect(await walk.must(`slipway show prod ${walk.fact("rollback")}`)).toMatch(/asked\s+for\s+an\s+index/),
    },
    {
      begins: "slipway note prod post-mortem",
      values: (walk) => ({ r13: walk.fact("rollback") }),
      proves: async (_said, walk) =>
        expect(await walk.must(`slipway show prod ${walk.fact("rollback")}`)).toMatch(/Tuesday\s+10:00/),
    },
  ],
};
