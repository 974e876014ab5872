import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Walk } from "./walk.ts";
import type { WalkedPage } from "./walked-command.ts";

const json = <T>(said: string) => JSON.parse(said) as T;
/** r1 has version 2 and r3 changed infrastructure only; r4 has the code. */
const backToR4 = (walk: Walk) => walk.backTo("live");
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
        expect(said).toMatch(/r3/);
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
      arrange: backToR4,
      proves: (said) => expect(said).toMatch(/r4[\s\S]*r3[\s\S]*r2[\s\S]*r1/),
    },
    { begins: "slipway rollback prod --plan", proves: (said) => expect(said).toMatch(/r3/) },
    {
      begins: 'slipway rollback prod --reason "r12 times out"',
      values: () => ({ r12: "r4" }),
      proves: async (said, walk) => {
        expect(said).toMatch(/r4/);
        expect(await walk.live()).not.toBe(walk.fact("new"));
      },
    },
    {
      begins: "slipway rollback prod --to r10",
      values: () => ({ "--to r10": "--to r1", r11: "r3" }),
      proves: async (_said, walk) => expect(await walk.live()).toBe("2"),
    },
    {
      begins: "slipway rollback prod --take-over",
      arrange: async (walk) => {
        await backToR4(walk);
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
        await backToR4(walk);
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
      arrange: backToR4,
      proves: (said, walk) => expect(json(said)).toMatchObject({ Name: "live", FunctionVersion: walk.fact("new") }),
    },
    {
      begins: "aws lambda update-alias",
      values: () => ({ "--function-version 7": "--function-version 2" }),
      proves: async (_said, walk) => expect(await walk.live()).toBe("2"),
    },
    {
      begins: "aws logs tail /aws/lambda/api-handler-prod --follow",
      arrange: (walk) => walk.requests(4),
      until: /REPORT RequestId/,
      proves: (said) => expect(said).toContain('"operation":'),
    },
    {
      begins: "aws cloudwatch get-metric-statistics",
      proves: (said) => expect(json(said)).toMatchObject({ Label: "Errors", Datapoints: expect.any(Array) }),
    },
    {
      begins: "slipway rollback prod infrastructure --plan",
      arrange: backToR4,
      proves: (said) => expect(said).toMatch(/r3|nothing/i),
    },
    {
      begins: "slipway rollback prod infrastructure --to r12",
      values: () => ({ r12: "r1" }),
      proves: async (_said, walk) => expect(await burst(walk)).toBe(1000),
    },
    {
      begins: "cd infrastructure/environments/prod",
      arrange: backToR4,
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
      arrange: backToR4,
      proves: (said, walk) => {
        const versions = [...said.matchAll(/^\s*(\S{8,})\s+.*\bserial\b.*$|^(\S{16,})\s/gm)];
        walk.facts.set("states", said);
        expect(versions.length + said.length).toBeGreaterThan(0);
      },
    },
    {
      begins: "slipway state restore prod --version",
      values: (walk) => ({ "3sL4kqtJlcpXroDTDmJ": walk.fact("state") }),
      arrange: async (walk) => {
        const versions = `aws s3api list-object-versions --bucket terraform-state --prefix prod/terraform.tfstate --query 'Versions[1].VersionId' --output text`;
        walk.facts.set("state", (await walk.must(versions)).trim());
      },
      proves: (said) => expect(said).toMatch(/serial|nothing/i),
    },
    {
      begins: "slipway rollback prod data --undo --release r12 --where after.price=0 --plan",
      arrange: async (walk) => {
        await backToR4(walk);
        // Some items are spoilt by what r4 does, and one of them was mended since.
        await walk.spoil(5);
      },
      values: () => ({ "--release r12": "--release r4", "after.price=0": "after.description=spoilt" }),
      proves: (said) => expect(said).toMatch(/\b5\b/),
    },
    {
      begins: "slipway rollback prod data --undo --release r12 --where after.price=0",
      values: () => ({ "--release r12": "--release r4", "after.price=0": "after.description=spoilt" }),
      proves: async (_said, walk) => expect(await walk.spoiltItems()).toBe(0),
    },
    {
      begins: "slipway rollback prod data --undo-of r13",
      values: () => ({ r13: "r5" }),
      proves: async (_said, walk) => expect(await walk.spoiltItems()).toBe(5),
    },
    { begins: "slipway backup prod list", proves: (said) => expect(said).toMatch(/before-release[\s\S]*/) },
    {
      begins: "slipway rollback prod data --restore --to-time 2026-11-28T16:15:00Z --dry-run",
      arrange: async (walk) => {
        await backToR4(walk);
        walk.facts.set("second", await walk.spoil(5));
      },
      values: (walk) => ({ [second]: walk.fact("second") }),
      proves: (said) => expect(said).toMatch(/items-prod-restored/),
    },
    {
      begins: "slipway rollback prod data --restore --to-time 2026-11-28T16:15:00Z --reason",
      values: (walk) => ({ [second]: walk.fact("second"), r12: "r4" }),
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
        await backToR4(walk);
        await walk.must('slipway rollback prod --to r1 --reason "to have one to write about"');
      },
      values: () => ({ r13: "r5" }),
      proves: (said) => expect(said).toMatch(/Identified root cause/),
    },
    {
      begins: "slipway note prod root-cause",
      values: () => ({ r12: "r4", r13: "r5" }),
      proves: async (_said, walk) =>
        expect(await walk.must("slipway show prod r5")).toContain("r4 asked for an index that is not there"),
    },
    {
      begins: "slipway note prod post-mortem",
      values: () => ({ r13: "r5" }),
      proves: async (_said, walk) => expect(await walk.must("slipway show prod r5")).toContain("Tuesday 10:00"),
    },
  ],
};
