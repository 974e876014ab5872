import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import type { InfrastructureFinding } from "@slipway/contracts";
import { temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { AUTHOR, arrangeInfrastructure, newQueue, replacedTable } from "./test/arrange-infrastructure.ts";

const JANE = "Jane Reader <jane@example.com>";
const JOHN = "John Reader <john@example.com>";
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

describe("approvals", () => {
  it("are asked for where the plan changes something, and counted by people", async () => {
    using folder = temporaryFolder();
    const { terraform, run, approve } = arrangeInfrastructure(folder, { approvals: { infrastructure: 2 } });
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");

    expect(await run("infrastructure.approve")).toMatchObject({
      outcome: "paused",
      summary: expect.stringContaining("0 of 2 approvals"),
      next: "slipway approve prod",
    });
    approve(JANE);
    approve("jane+work@EXAMPLE.com");
    approve(AUTHOR);
    const waiting = await run("infrastructure.approve");
    expect(waiting).toMatchObject({ outcome: "paused", summary: expect.stringContaining("1 of 2 approvals") });
    expect(waiting.summary).toContain("Ada Author <ada@example.com> does not count");
    approve(JOHN);
    expect(await run("infrastructure.approve")).toMatchObject({
      outcome: "done",
      summary: `approved by ${JANE}, ${JOHN}`,
      result: { approvals: 2, needed: 2 },
    });
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done" });
  });

  it.each([
    ["another plan", { digest: "f".repeat(64) }],
    ["another commit", { commit: "3".repeat(40) }],
    ["another serial", { serial: 7 }],
    ["the AWS identity that started the release", { principal: "arn:aws:sts::111122223333:assumed-role/deploy/sam" }],
  ])("of %s do not count", async (_, change) => {
    using folder = temporaryFolder();
    const { terraform, run, approve } = arrangeInfrastructure(folder, { approvals: { infrastructure: 1 } });
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    approve(JANE, change);

    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "paused" });
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "paused" });
    expect(terraform.calls).toEqual(["plan"]);
  });

  it.each([
    ["protected", true],
    ["not protected", false],
  ])("that nobody has to sign say so in the evidence where the environment is %s: %j", async (_, isProtected) => {
    using folder = temporaryFolder();
    const { terraform, run, approve, entries } = arrangeInfrastructure(folder, {
      approvals: { infrastructure: 1 },
      inForce: { isProtected },
    });
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    approve(JANE);
    await run("infrastructure.approve");

    const evidence = entries.flatMap(({ body }) => (body.type === "evidence" ? body.evidence : []));
    expect(evidence).toMatchObject([
      {
        check: "infrastructure.approved",
        status: "pass",
        found: expect.stringContaining(`approved by ${JANE}, by the rules of r0`),
      },
    ]);
    expect(evidence[0]?.found.includes("1 of these approvals is not signed")).toBe(isProtected);
  });

  it("that are not signed, or badly, do not count where signers are named", async () => {
    using folder = temporaryFolder();
    const asked: string[] = [];
    const { terraform, run, approve } = arrangeInfrastructure(folder, {
      approvals: { infrastructure: 1, signers: "allowed_signers" },
      signatures: {
        async verify({ text, signature, identity }) {
          asked.push(`${identity} ${signature}`);
          return signature === "good" && text.includes('by: "Jane Reader <jane@example.com>"') ? undefined : "forged";
        },
      },
    });
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");

    approve(JANE);
    expect(await run("infrastructure.approve")).toMatchObject({ summary: expect.stringContaining("it is not signed") });
    approve(JANE, { signature: "bad" });
    expect(await run("infrastructure.approve")).toMatchObject({ summary: expect.stringContaining("forged") });
    approve(JANE, { signature: "good" });
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "done" });
    expect(asked).toContain("jane@example.com good");
  });
});

it("a plan is not applied once other files are checked out than those that were approved", async () => {
  using folder = temporaryFolder();
  const { terraform, run, checkedOut } = arrangeInfrastructure(folder);
  terraform.wanted = [newQueue];
  await run("infrastructure.plan");
  await run("infrastructure.approve");
  const before = checkedOut.revision;
  checkedOut.revision = { ...before, tree: "9".repeat(40), dirty: true };

  await expect(run("infrastructure.apply")).rejects.toMatchObject({
    ...{ kind: "conflict", what: expect.stringContaining("Stopped before the plan is applied") },
    why: expect.stringContaining("files differ from it now: main.tf"),
  });
  expect(terraform.calls).toEqual(["plan"]);
  checkedOut.revision = before;
  expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done" });
  expect(terraform.calls).toEqual(["plan", "apply 1"]);
});

describe("a release that loosens its own rules", () => {
  const loosened: InfrastructureFinding[] = [
    {
      ...{ id: "policy.loosened", severity: "high", status: "fail", address: "release.checklist.reviewers" },
      ...{ reason: "0 people have to read a change, instead of 2", next: "somebody else accepts it" },
    },
  ];
  const NAME = "policy.loosened release.checklist.reviewers";

  it.each([
    ["changes infrastructure", [newQueue]],
    ["changes no infrastructure", []],
  ])("and %s waits until others accept that by name, as many as the rules before ask for", async (_, wanted) => {
    using folder = temporaryFolder();
    const { terraform, run, approve, lastPlan } = arrangeInfrastructure(folder, {
      approvals: { infrastructure: 2 },
      inForce: { loosened },
    });
    terraform.wanted = wanted;

    await run("infrastructure.plan");
    expect(lastPlan()).toMatchObject({ gate: "stopped", findings: [{ id: "policy.loosened" }] });
    approve(JOHN);
    approve(AUTHOR, { accepts: [NAME] });
    expect(await run("infrastructure.apply")).toMatchObject({
      outcome: "paused",
      summary: expect.stringMatching(/stopped by policy\.loosened release\.checklist\.reviewers.*; 1 of 2 approvals/),
    });
    approve(JANE, { accepts: [NAME] });
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "done", result: { approvals: 2, needed: 2 } });
    expect((await run("infrastructure.apply")).outcome).toBe(wanted.length === 0 ? "nothing-to-do" : "done");
  });

  it("cannot accept that in its own configuration", async () => {
    using folder = temporaryFolder();
    const accepted = [{ finding: "policy.loosened" as const, address: "release.*", reason: "I say so" }];
    const { run } = arrangeInfrastructure(folder, { policy: { accepted }, inForce: { loosened } });

    await run("infrastructure.plan");
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "paused" });
  });

  it("is not even planned where nobody knows the rules before; a rehearsal says so and goes on", async () => {
    using folder = temporaryFolder();
    const unknown = { what: "The rules of r0 cannot be read", why: "never fetched", next: "git fetch origin 1" };
    const waits = arrangeInfrastructure(folder, { inForce: { unknown } });

    await expect(waits.run("infrastructure.plan")).rejects.toMatchObject({ kind: "not-found", next: unknown.next });
    expect(waits.terraform.calls).toEqual([]);

    const rehearsal = arrangeInfrastructure(folder, { inForce: { unknown }, whenNotApproved: "go-on" });
    await rehearsal.run("infrastructure.plan");
    expect(rehearsal.lines.join("\n")).toContain(
      "a rehearsal goes on by its own rules: The rules of r0 cannot be read",
    );
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
