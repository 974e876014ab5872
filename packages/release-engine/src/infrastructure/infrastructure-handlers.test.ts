import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { AUTHOR, arrangeInfrastructure, newQueue, replacedTable } from "./test/arrange-infrastructure.ts";

const JANE = "Jane Reader <jane@example.com>";
const STOPS = "plan.replace-stateful aws_dynamodb_table.items";

describe("a plan that is let through", () => {
  it("is planned to a file that only the owner reads, applied, and deleted", async () => {
    using folder = temporaryFolder();
    const { terraform, run, planFolder, lastPlan, entries } = arrangeInfrastructure(folder);
    terraform.wanted = [newQueue];
    terraform.outputs = { url: { value: "https://x" }, token: { value: "open sesame 1234", sensitive: true } };

    expect(await run("infrastructure.plan")).toMatchObject({
      outcome: "done",
      summary: "1 to add, 0 to change, 0 to destroy",
    });
    const file = join(planFolder, "prod-r1.tfplan");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(planFolder).mode & 0o777).toBe(0o700);
    expect(lastPlan()).toMatchObject({
      ...{ release: "r1", changed: true, gate: "open", stateSerial: 0 },
      resources: [{ address: "aws_sqs_queue.jobs", action: "add" }],
    });
    expect(await run("infrastructure.approve")).toMatchObject({
      outcome: "nothing-to-do",
      result: { approvals: 0, needed: 0 },
    });
    expect(await run("infrastructure.apply")).toMatchObject({
      outcome: "done",
      result: { changed: true, stateSerial: 1, outputs: { url: "https://x", token: "(sensitive value)" } },
    });
    expect(existsSync(file)).toBe(false);
    expect(terraform.calls).toEqual(["plan", "apply 1"]);
    expect(entries.flatMap(({ body }) => (body.type === "terraform.events" ? body.events : []))).toEqual([
      { type: "apply_start", address: "aws_sqs_queue.jobs", action: "create" },
      { type: "apply_complete", address: "aws_sqs_queue.jobs", action: "create", seconds: 1 },
    ]);
    expect(JSON.stringify(entries)).not.toContain("open sesame");
  });

  it.each([[[newQueue]], [[]]])("whose outputs hide what the release itself reads is refused", async (wanted) => {
    using folder = temporaryFolder();
    const { terraform, run } = arrangeInfrastructure(folder);
    terraform.wanted = wanted;
    terraform.outputs = {
      url: { value: "https://x", sensitive: true },
      token: { value: "open sesame", sensitive: true },
    };

    await run("infrastructure.plan");
    await run("infrastructure.approve");
    await expect(run("infrastructure.apply")).rejects.toMatchObject({
      kind: "usage",
      what: "The release needs the output url of prod, which Terraform marks as sensitive",
      why: expect.stringContaining("environments.prod.api.urlOutput (url)"),
      next: expect.stringMatching(/sensitive = true.*slipway rollback prod ends this release, slipway deploy prod/),
    });
    expect(terraform.calls).toEqual(wanted.length === 0 ? ["plan"] : ["plan", "apply 1"]);
  });

  it("that changes nothing leaves no file, needs nobody, and says what is there", async () => {
    using folder = temporaryFolder();
    const { terraform, run, planFolder } = arrangeInfrastructure(folder, { approvals: { infrastructure: 2 } });
    terraform.outputs = { url: { value: "https://x" } };

    expect(await run("infrastructure.plan")).toMatchObject({ outcome: "nothing-to-do", result: { changed: false } });
    expect(readdirSync(planFolder)).toEqual([]);
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "nothing-to-do", result: { needed: 0 } });
    expect(await run("infrastructure.apply")).toMatchObject({
      outcome: "nothing-to-do",
      result: { changed: false, outputs: { url: "https://x" } },
    });
    expect(terraform.calls).toEqual(["plan"]);
  });

  it("is made once, however often the step is begun", async () => {
    using folder = temporaryFolder();
    const { terraform, run, entries } = arrangeInfrastructure(folder);
    terraform.wanted = [newQueue];

    const first = await run("infrastructure.plan");
    const second = await run("infrastructure.plan");

    expect(second).toEqual(first);
    expect(terraform.calls).toEqual(["plan"]);
    expect(entries.filter(({ body }) => body.type === "plan.made")).toHaveLength(1);
  });
});

describe("a plan that is stopped", () => {
  it("goes on only when somebody else than the author accepts what stops it, by name", async () => {
    using folder = temporaryFolder();
    const { terraform, run, approve, lastPlan } = arrangeInfrastructure(folder);
    terraform.wanted = [replacedTable];

    expect(await run("infrastructure.plan")).toMatchObject({
      summary: expect.stringContaining("STOPPED by 1 finding"),
    });
    expect(lastPlan()).toMatchObject({
      gate: "stopped",
      resources: [{ action: "replace", because: ["hash_key"], attributes: ["hash_key"] }],
    });
    expect(await run("infrastructure.approve")).toMatchObject({
      outcome: "paused",
      summary: expect.stringContaining(`stopped by ${STOPS}`),
    });
    approve(JANE);
    approve(AUTHOR, { accepts: [STOPS] });
    approve(JANE, { accepts: ["plan.replace-stateful aws_dynamodb_table.other"] });
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "paused" });
    approve(JANE, { accepts: [STOPS] });
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "done", result: { approvals: 1, needed: 0 } });
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done" });
  });

  it("is let through where the configuration accepts the finding, and until when", async () => {
    using folder = temporaryFolder();
    const accepted = [
      {
        finding: "plan.replace-stateful",
        address: "aws_dynamodb_table.*",
        reason: "moved before",
        expires: "2026-01-02",
      },
    ] as const;
    const { terraform, run, clock, lastPlan } = arrangeInfrastructure(folder, { policy: { accepted: [...accepted] } });
    terraform.wanted = [replacedTable];
    await run("infrastructure.plan");
    expect(lastPlan().gate).toBe("open");

    clock.advance(3 * 86_400_000);
    terraform.serial += 1;
    await run("infrastructure.plan");
    expect(lastPlan().gate).toBe("stopped");
  });

  it("is not let through by what the release alone accepts: somebody accepts it by name, before and after the apply", async () => {
    using folder = temporaryFolder();
    const accepted = [{ finding: "plan.replace-stateful" as const, address: "aws_dynamodb_table.*", reason: "empty" }];
    const inForce = { accepted: [] };
    const { terraform, run, lastPlan, approve } = arrangeInfrastructure(folder, { policy: { accepted }, inForce });
    terraform.wanted = [replacedTable];

    await run("infrastructure.plan");
    expect(lastPlan()).toMatchObject({ gate: "stopped" });
    expect(lastPlan().findings[0]?.reason).toMatch(
      /accepted in slipway\.config\.ts \(empty\), and not by the rules of r0/,
    );
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "paused" });
    approve(JANE, { accepts: [STOPS] });
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done" });
    expect(await run("infrastructure.validate")).toMatchObject({ outcome: "done" });
  });

  it("is shown, and let through, in a rehearsal", async () => {
    using folder = temporaryFolder();
    const { terraform, run, entries } = arrangeInfrastructure(folder, { whenNotApproved: "go-on" });
    terraform.wanted = [replacedTable];
    await run("infrastructure.plan");

    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "done", summary: "goes on without approval" });
    expect(entries.flatMap(({ body }) => (body.type === "evidence" ? body.evidence : []))).toMatchObject([
      {
        ...{ check: "infrastructure.approved", status: "waived", found: expect.stringContaining(STOPS) },
        waiver: {
          by: "rehearsal",
          reason: "a rehearsal is alone with its local AWS; a release to AWS would wait",
          expires: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        },
      },
    ]);
  });

  it("also where providers or the backend are others than those of the last apply", async () => {
    using folder = temporaryFolder();
    const { terraform, run, lastPlan } = arrangeInfrastructure(folder);
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    await run("infrastructure.apply");
    terraform.provider = "6.0.0";
    terraform.bucket = "elsewhere";
    await run("infrastructure.plan");

    expect(lastPlan().findings.map(({ id, severity, attribute }) => `${id} ${severity} ${attribute}`)).toEqual([
      "plan.backend-changed high bucket",
      "plan.provider-changed medium version",
    ]);
    expect(lastPlan().gate).toBe("stopped");
  });
});

describe("what makes an approved plan void", () => {
  async function approved(folder: ReturnType<typeof temporaryFolder>) {
    const arranged = arrangeInfrastructure(folder, { approvals: { infrastructure: 1 } });
    arranged.terraform.wanted = [newQueue];
    await arranged.run("infrastructure.plan");
    arranged.approve(JANE);
    expect(await arranged.run("infrastructure.approve")).toMatchObject({ outcome: "done" });
    return { ...arranged, file: join(arranged.planFolder, "prod-r1.tfplan") };
  }

  it.each<[string, (arranged: Awaited<ReturnType<typeof approved>>) => void]>([
    ["the state's serial moves", ({ terraform }) => (terraform.serial += 1)],
    ["the state is another one", ({ terraform }) => (terraform.lineage = "other")],
    ["the file has other bytes", ({ file }) => writeFileSync(file, `${readFileSync(file, "utf8")} `)],
    ["the file is no plan any more", ({ file }) => writeFileSync(file, "")],
    ["another commit is released", ({ plan }) => (plan.source.commit = "4".repeat(40))],
    ["the files are others", ({ plan }) => (plan.source.tree = "5".repeat(40))],
  ])("%s: a new plan, which waits for a yes of its own", async (_, change) => {
    using folder = temporaryFolder();
    const arranged = await approved(folder);
    const before = arranged.lastPlan().planDigest;
    change(arranged);

    expect(await arranged.run("infrastructure.apply")).toMatchObject({
      outcome: "paused",
      next: "slipway approve prod",
    });
    expect(arranged.lastPlan().planDigest).not.toBe(before);
    expect(arranged.terraform.calls).toEqual(["plan", "plan"]);
    expect(arranged.lines.join()).toContain("cannot be used any more");
  });

  it("killed in the middle of the apply: what is left is planned, and approved, again", async () => {
    using folder = temporaryFolder();
    const arranged = arrangeInfrastructure(folder, { approvals: { infrastructure: 1 } });
    const { terraform, run, approve, planFolder } = arranged;
    terraform.wanted = [
      newQueue,
      { ...newQueue, address: "aws_sqs_queue.more", after: { name: "more", sqs_managed_sse_enabled: true } },
    ];
    await run("infrastructure.plan");
    approve(JANE);
    terraform.duringApply = async () => {
      throw new Error("killed");
    };

    await expect(run("infrastructure.apply")).rejects.toThrow("killed");
    expect(readdirSync(planFolder)).toEqual([]);
    terraform.duringApply = async () => undefined;
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "paused" });
    approve(JANE);
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done", result: { changed: true } });
    expect(terraform.resources.map(({ address }) => address)).toEqual(["aws_sqs_queue.jobs", "aws_sqs_queue.more"]);
  });

  it("killed after the apply: nothing is left to do, and it is known what was done", async () => {
    using folder = temporaryFolder();
    const { terraform, run, entries } = arrangeInfrastructure(folder);
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    terraform.duringApply = async () => {
      terraform.duringApply = async () => undefined;
      throw new Error("killed");
    };
    await expect(run("infrastructure.apply")).rejects.toThrow("killed");

    expect(await run("infrastructure.apply")).toMatchObject({
      outcome: "done",
      result: { changed: true, counts: { add: 1, change: 0, destroy: 0 }, stateSerial: 1 },
    });
    expect(entries.filter(({ body }) => body.type === "plan.made")).toHaveLength(2);
  });

  it("an apply that did not begin leaves its plan for the next attempt", async () => {
    using folder = temporaryFolder();
    const { terraform, run, planFolder } = arrangeInfrastructure(folder);
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    const abort = new AbortController();
    abort.abort();

    await expect(run("infrastructure.apply", { signal: abort.signal })).rejects.toMatchObject({ kind: "interrupted" });
    expect(readdirSync(planFolder)).toEqual(["prod-r1.tfplan"]);
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done" });
    expect(terraform.calls).toEqual(["plan", "apply 1"]);
  });
});

describe("infrastructure.validate", () => {
  const policyOf = (Action: string) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Sid: "Read", Effect: "Allow", Action, Resource: "arn:aws:s3:::a/*" }],
    });
  const rolePolicy = (before: string, after: string) => ({
    ...{ address: "aws_iam_role_policy.fn", type: "aws_iam_role_policy", actions: ["update"] },
    before: { policy: policyOf(before), role: "fn" },
    after: { policy: policyOf(after), role: "fn" },
  });

  it.each([
    ["s3:GetObject", "done", []],
    ["s3:*", "paused", ["plan.iam-widened aws_iam_role_policy.fn"]],
  ])("judges a policy that was known only after the apply: %s is %s", async (action, outcome, names) => {
    using folder = temporaryFolder();
    const { terraform, run, approve, lastPlan, entries } = arrangeInfrastructure(folder);
    const change = rolePolicy("s3:GetObject", action);
    terraform.resources = [{ ...change, name: "fn", attributes: change.before }];
    // The plan knows nothing of it; what the apply makes of it is what stands in the state.
    terraform.wanted = [{ ...change, after_unknown: { policy: true } }];
    await run("infrastructure.plan");
    expect(lastPlan()).toMatchObject({
      gate: "open",
      findings: expect.arrayContaining([expect.objectContaining({ id: "plan.iam-widened", status: "unknown" })]),
    });
    await run("infrastructure.apply");

    const end = await run("infrastructure.validate");
    expect(end.outcome).toBe(outcome);
    for (const name of names) {
      expect(end).toMatchObject({ next: expect.stringContaining(`--accept ${name.replace(" ", " '")}'`) });
    }
    const settled = entries.findLast(({ body }) => body.type === "plan.settled")?.body;
    expect(settled).toMatchObject({
      findings: names.length === 0 ? [] : expect.arrayContaining([expect.objectContaining({ status: "fail" })]),
    });
    approve(JANE, {
      accepts: settled?.type === "plan.settled" ? settled.findings.map(({ id, address }) => `${id} ${address}`) : [],
    });
    expect(await run("infrastructure.validate")).toMatchObject({ outcome: "done" });
  });

  it("fails where something is not there, and leaves to people what only should be otherwise", async () => {
    using folder = temporaryFolder();
    const { terraform, run, looks } = arrangeInfrastructure(folder);
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    await run("infrastructure.apply");
    looks.set("aws_sqs_queue.jobs", {
      check: "alarm-quiet",
      title: "Quiet",
      status: "fail",
      found: "ALARM",
      next: "look",
    });
    expect(await run("infrastructure.validate")).toMatchObject({
      outcome: "done",
      summary: "1 passed, 1 for people to look at: sqs_queue jobs",
      result: { pass: 1, fail: 1 },
    });
    const excused = { ringing: "jobs-backups", status: "fail", found: "ALARM", next: "look" } as const;
    looks.set("aws_sqs_queue.jobs", { check: "alarm-quiet", title: "Quiet", ...excused });
    expect(await run("infrastructure.validate")).toMatchObject({ outcome: "done", result: { pass: 2, fail: 0 } });
    looks.set("aws_sqs_queue.jobs", {
      check: "table-active",
      title: "Active",
      status: "fail",
      found: "CREATING",
      next: "look",
    });
    expect(await run("infrastructure.validate")).toMatchObject({ outcome: "failed", next: "look" });
  });
});

it("keeps what a plan marks as sensitive out of the ledger, also where a finding would quote it", async () => {
  using folder = temporaryFolder();
  const { terraform, run, entries, redactor } = arrangeInfrastructure(folder);
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "Hidden", Effect: "Allow", Action: "*", Resource: "*" }],
  });
  terraform.wanted = [
    {
      ...{ address: "aws_iam_role_policy.fn", type: "aws_iam_role_policy", actions: ["create"] },
      after: { policy, role: "fn", secret: "correct horse battery" },
      after_sensitive: { policy: true, secret: true },
    },
  ];
  await run("infrastructure.plan");

  const text = JSON.stringify(entries);
  expect(text).toContain("iam.wildcard-action");
  expect(text).not.toContain("Hidden");
  expect(text).not.toContain("correct horse");
  expect(redactor.text("it is correct horse battery!")).not.toContain("horse");
});

it("a process that goes on with a plan knows its secrets, and shows none when Terraform fails", async () => {
  using folder = temporaryFolder();
  const { terraform, run, restart, lines } = arrangeInfrastructure(folder);
  const after = { ...newQueue.after, secret: "correct horse battery" };
  terraform.wanted = [{ ...newQueue, after, after_sensitive: { secret: true } }];
  await run("infrastructure.plan");
  const redactor = restart();
  terraform.duringApply = async () => {
    const why = "the service said: bad password 'correct horse battery'";
    throw new ReleaseError({ kind: "failed", what: "terraform apply failed", why, next: "try again" });
  };

  const failure: unknown = await run("infrastructure.apply").catch((error: unknown) => error);

  expect(failure).toMatchObject({ kind: "failed", why: expect.stringContaining("the service said") });
  expect(inspect(failure)).not.toContain("horse");
  expect(lines.join()).not.toContain("horse");
  expect(redactor.text("correct horse battery")).not.toContain("horse");
});
