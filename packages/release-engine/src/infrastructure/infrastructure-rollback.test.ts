import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { arrangeInfrastructure, newQueue, replacedTable } from "./test/arrange-infrastructure.ts";

const JANE = "Jane Reader <jane@example.com>";
const HOUR_MS = 3_600_000;
const ARN = "arn:aws:dynamodb:us-east-1:111122223333:table/items/backup/1";
const STOPS = "plan.replace-stateful aws_dynamodb_table.items";
const QUEUE = {
  ...{ address: "aws_sqs_queue.jobs", type: "aws_sqs_queue", actions: ["delete"] },
  before: { name: "jobs", id: "https://sqs/jobs" },
} as const;

const arrange = (folder: TemporaryFolder, settings: Parameters<typeof arrangeInfrastructure>[1] = {}) =>
  arrangeInfrastructure(folder, { rollsBack: true, ...settings });

type Arranged = ReturnType<typeof arrange>;

function backUp({ write }: Pick<Arranged, "write">, table = "items", arn = ARN) {
  write({ type: "backup.created", arn, table, name: "slipway-prod-1", items: 3, bytes: 10 });
}

function verify({ write }: Pick<Arranged, "write">, verdict: "pass" | "fail" | "unknown" = "pass", table = "items") {
  write({
    ...{ type: "backup.verified", arn: ARN, table, temporaryTable: "t", verdict, items: 3 },
    ...{ digest: "a".repeat(64), evidence: [] },
  });
}

describe("a rollback of the infrastructure", () => {
  it("keeps the state before it applies, and plans once more afterwards", async () => {
    using folder = temporaryFolder();
    const { terraform, run, states, entries, planFolder } = arrange(folder);
    terraform.serial = 7;
    terraform.lineage = "lineage-1";
    terraform.wanted = [newQueue];

    await run("infrastructure.plan");
    await run("infrastructure.approve");
    expect([...states.copies.keys()]).toEqual([]);
    await run("infrastructure.apply");
    expect(JSON.parse(states.copies.get("rollback-r1-serial-7") ?? "")).toMatchObject({ serial: 7 });
    expect(entries.filter(({ body }) => body.type === "state.backed-up").map(({ body }) => body)).toMatchObject([
      { name: "rollback-r1-serial-7", serial: 7, lineage: "lineage-1" },
    ]);

    expect(await run("infrastructure.validate")).toMatchObject({ outcome: "done" });
    expect(terraform.calls).toEqual(["plan", "apply 1", "plan"]);
    expect(evidenceOf(entries)).toMatchObject([{ status: "pass", found: expect.stringContaining("exit code 0") }]);
    expect(readdirSync(planFolder)).toEqual([]);
  });

  it("applies nothing where the state cannot be kept", async () => {
    using folder = temporaryFolder();
    const { terraform, run, states } = arrange(folder);
    terraform.wanted = [newQueue];
    states.copies.set("rollback-r1-serial-0", "another state");

    await run("infrastructure.plan");
    await run("infrastructure.approve");
    await expect(run("infrastructure.apply")).rejects.toMatchObject({ kind: "conflict" });
    expect(terraform.calls).toEqual(["plan"]);
  });

  it("that is begun again after it was killed keeps the state once", async () => {
    using folder = temporaryFolder();
    const { terraform, run, restart, entries } = arrange(folder);
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    await run("infrastructure.approve");
    const plan = terraform.init.bind(terraform);
    terraform.init = async () => ({ ...(await plan()), apply: () => Promise.reject(new Error("killed")) });
    await expect(run("infrastructure.apply")).rejects.toThrow("killed");

    terraform.init = plan;
    restart();
    await run("infrastructure.apply");
    expect(entries.filter(({ body }) => body.type === "state.backed-up")).toHaveLength(1);
    expect(terraform.resources).toHaveLength(1);
  });

  it("is not done while a plan still finds something to change, and says what", async () => {
    using folder = temporaryFolder();
    const { terraform, run, entries, planFolder } = arrange(folder);
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    await run("infrastructure.approve");
    await run("infrastructure.apply");
    // Somebody else, meanwhile.
    terraform.wanted = [QUEUE];

    expect(await run("infrastructure.validate")).toMatchObject({
      outcome: "failed",
      summary: "the plan afterwards is not clean: it would still destroy aws_sqs_queue.jobs",
    });
    expect(evidenceOf(entries)).toMatchObject([{ status: "fail" }]);
    expect(existsSync(join(planFolder, "prod-r1.tfplan"))).toBe(false);
    terraform.wanted = [];
    expect(await run("infrastructure.validate")).toMatchObject({ outcome: "done" });
  });

  it("needs what a release needs: the gate and approvals are the same", async () => {
    using folder = temporaryFolder();
    const { terraform, run, approve } = arrange(folder, { approvals: { infrastructure: 1 } });
    terraform.wanted = [newQueue];
    await run("infrastructure.plan");
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "paused" });
    approve(JANE);
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "done" });
  });
});

describe("a rollback that would destroy a table", () => {
  it("is refused until there is a backup, it has passed, its name is typed, and somebody else accepts it", async () => {
    using folder = temporaryFolder();
    const arranged = arrange(folder);
    const { terraform, run, approve, entries, lines } = arranged;
    terraform.wanted = [replacedTable];
    expect(await run("infrastructure.plan")).toMatchObject({
      summary: expect.stringContaining("1 of them irreversible, STOPPED by 1 finding"),
    });
    // Even what somebody else has accepted by name.
    approve(JANE, { accepts: [STOPS] });

    expect(await run("infrastructure.approve")).toMatchObject({
      outcome: "paused",
      summary: "it would destroy data: the table items, and the ledger knows no backup of it",
      next: "slipway backup prod create, slipway backup prod verify, then slipway resume prod --confirm items",
    });
    backUp(arranged);
    expect(await run("infrastructure.approve", { confirmed: ["items"] })).toMatchObject({
      summary: expect.stringContaining("none of its backups has passed"),
    });
    verify(arranged);
    expect(await run("infrastructure.approve", { confirmed: ["orders"] })).toMatchObject({
      outcome: "paused",
      summary: "it would destroy data: the table items, and nobody has typed its name",
      next: expect.stringContaining("slipway resume prod --confirm items, if that is what you want"),
    });
    expect(terraform.calls).toEqual(["plan"]);
    expect(await run("infrastructure.approve", { confirmed: ["items"] })).toMatchObject({ outcome: "done" });
    expect(lines.join()).toContain(`items can be restored from ${ARN}`);

    // Another process goes on, and nobody has to type it twice.
    expect(await run("infrastructure.apply", { confirmed: [] })).toMatchObject({ outcome: "done" });
    expect(entries.filter(({ body }) => body.type === "loss.confirmed").map(({ body }) => body)).toEqual([
      { type: "loss.confirmed", names: ["items"] },
    ]);
  });

  it("knows the table by its name, also where a sensitive value has the same text, and another process goes on", async () => {
    using folder = temporaryFolder();
    const arranged = arrange(folder);
    const { terraform, run, redactor, lastPlan, restart, entries, approve } = arranged;
    terraform.wanted = [{ ...replacedTable, before: { ...replacedTable.before, name: "shop-orders-2026" } }];
    backUp(arranged, "shop-orders-2026");
    verify(arranged, "pass", "shop-orders-2026");
    redactor.learn("shop-orders");
    await run("infrastructure.plan");
    expect(lastPlan().resources[0]?.destroys?.name).toBe("shop-orders-2026");
    approve(JANE, { accepts: [STOPS] });
    restart().learn("shop-orders");
    expect(await run("infrastructure.approve", { confirmed: ["shop-orders-2026"] })).toMatchObject({ outcome: "done" });
    expect(entries.findLast(({ body }) => body.type === "loss.confirmed")?.body).toMatchObject({
      names: ["shop-orders-2026"],
    });
  });

  it("needs somebody else's acceptance beside backup and name", async () => {
    using folder = temporaryFolder();
    const arranged = arrange(folder);
    arranged.terraform.wanted = [replacedTable];
    backUp(arranged);
    verify(arranged);
    await arranged.run("infrastructure.plan");
    expect(await arranged.run("infrastructure.approve", { confirmed: ["items"] })).toMatchObject({
      outcome: "paused",
      summary: expect.stringContaining(`stopped by ${STOPS}`),
    });
  });

  it.each([
    ["failed its verification", (arranged: Arranged) => verify(arranged, "fail"), /none of its backups has passed/],
    ["nobody could verify", (arranged: Arranged) => verify(arranged, "unknown"), /none of its backups has passed/],
    [
      "is another table's",
      (arranged: Arranged) => verify(arranged, "pass", "orders"),
      /none of its backups has passed|no backup/,
    ],
    [
      "was pruned",
      (arranged: Arranged) => {
        verify(arranged);
        arranged.write({ type: "backup.pruned", arns: [ARN] });
      },
      /no backup of it/,
    ],
    [
      "is older than a day",
      (arranged: Arranged) => {
        verify(arranged);
        arranged.clock.advance(25 * HOUR_MS);
      },
      /older than 24 hours/,
    ],
    [
      "is old, and was verified just now",
      (arranged: Arranged) => {
        arranged.clock.advance(25 * HOUR_MS);
        verify(arranged);
      },
      /older than 24 hours/,
    ],
  ])("is refused where the backup %s", async (_, after, why) => {
    using folder = temporaryFolder();
    const arranged = arrange(folder);
    arranged.terraform.wanted = [replacedTable];
    backUp(arranged);
    after(arranged);
    await arranged.run("infrastructure.plan");
    expect(await arranged.run("infrastructure.approve", { confirmed: ["items"] })).toMatchObject({
      outcome: "paused",
      summary: expect.stringMatching(why),
    });
  });

  it("is refused right before the apply, too, when the backup has become too old for it", async () => {
    using folder = temporaryFolder();
    const arranged = arrange(folder);
    const { terraform, run, clock, approve } = arranged;
    terraform.wanted = [replacedTable];
    backUp(arranged);
    verify(arranged);
    await run("infrastructure.plan");
    approve(JANE, { accepts: [STOPS] });
    expect(await run("infrastructure.approve", { confirmed: ["items"] })).toMatchObject({ outcome: "done" });
    clock.advance(25 * HOUR_MS);
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "paused" });
    expect(terraform.calls).toEqual(["plan"]);
  });

  it("is no matter for a release that goes forward: there the gate and people decide", async () => {
    using folder = temporaryFolder();
    const { terraform, run, approve } = arrangeInfrastructure(folder);
    terraform.wanted = [replacedTable];
    await run("infrastructure.plan");
    approve(JANE, { accepts: [STOPS] });
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "done" });
  });
});

describe("a rollback that would destroy other data", () => {
  const QUEUE_STOPS = "plan.delete-stateful aws_sqs_queue.jobs";

  it("is refused until its name is typed, because no backup of it can be verified, and somebody else accepts it", async () => {
    using folder = temporaryFolder();
    const { terraform, run, approve, entries } = arrange(folder, { inForce: { accepted: [] } });
    terraform.wanted = [QUEUE];
    await run("infrastructure.plan");
    expect(await run("infrastructure.approve")).toMatchObject({
      outcome: "paused",
      summary:
        "it would destroy data: the queue jobs (aws_sqs_queue.jobs), of which there is no backup that can be verified, and nobody has typed its name",
      next: expect.stringMatching(
        /^slipway resume prod --confirm jobs, .*terraform state rm 'aws_sqs_queue.jobs'.*slipway rollback prod ends/,
      ),
    });
    expect(await run("infrastructure.approve", { confirmed: ["jobs"] })).toMatchObject({
      outcome: "paused",
      summary: expect.stringContaining(`stopped by ${QUEUE_STOPS}`),
    });
    approve(JANE, { accepts: [QUEUE_STOPS] });
    expect(await run("infrastructure.approve", { confirmed: [] })).toMatchObject({ outcome: "done" });
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done" });
    expect(entries.filter(({ body }) => body.type === "loss.confirmed").map(({ body }) => body)).toEqual([
      { type: "loss.confirmed", names: ["jobs"] },
    ]);
  });

  it("asks for Terraform's name of it where AWS's is sensitive", async () => {
    using folder = temporaryFolder();
    const { terraform, run } = arrange(folder);
    terraform.wanted = [{ ...QUEUE, address: 'aws_sqs_queue.jobs["a"]', before: {} }];
    await run("infrastructure.plan");
    expect(await run("infrastructure.approve")).toMatchObject({
      next: expect.stringContaining(`slipway resume prod --confirm 'aws_sqs_queue.jobs["a"]'`),
    });
  });

  it("asks for the name of a table whose items an update lets expire, and for a backup", async () => {
    using folder = temporaryFolder();
    const arranged = arrange(folder);
    const { terraform, run } = arranged;
    const table = { ...replacedTable.before, name: "items" };
    const after = { ...table, ttl: [{ enabled: true, attribute_name: "expires" }] };
    terraform.wanted = [{ ...replacedTable, actions: ["update"], before: table, after, replace_paths: [] }];
    await run("infrastructure.plan");
    expect(await run("infrastructure.approve", { confirmed: ["items"] })).toMatchObject({
      outcome: "paused",
      summary: "it would destroy data: the table items, and the ledger knows no backup of it",
    });
    backUp(arranged);
    verify(arranged);
    expect(await run("infrastructure.approve", { confirmed: [] })).toMatchObject({
      outcome: "paused",
      summary: "it would destroy data: the expiring items of the table items, and nobody has typed its name",
    });
    expect(await run("infrastructure.approve", { confirmed: ["items"] })).toMatchObject({ outcome: "nothing-to-do" });
  });

  const accepted = [
    { finding: "plan.delete-stateful", address: "aws_sqs_queue.jobs", reason: "its messages are made anew" } as const,
  ];

  it("is not let through by an acceptance that is checked out and not in force", async () => {
    using folder = temporaryFolder();
    const { terraform, run } = arrange(folder, { policy: { accepted }, inForce: { accepted: [] } });
    terraform.wanted = [QUEUE];
    await run("infrastructure.plan");
    expect(await run("infrastructure.approve")).toMatchObject({
      outcome: "paused",
      next: expect.stringContaining("slipway resume prod --confirm jobs"),
    });
    expect(await run("infrastructure.approve", { confirmed: ["jobs"] })).toMatchObject({
      outcome: "paused",
      summary: expect.stringContaining(`stopped by ${QUEUE_STOPS}`),
    });
  });

  it("goes on where what is in force accepts its loss, too", async () => {
    using folder = temporaryFolder();
    const { terraform, run } = arrange(folder, { policy: { accepted }, inForce: { accepted } });
    terraform.wanted = [QUEUE];
    await run("infrastructure.plan");
    expect(await run("infrastructure.approve")).toMatchObject({ outcome: "nothing-to-do" });
    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done" });
  });
});

function evidenceOf(entries: Arranged["entries"]) {
  return entries.flatMap(({ body }) =>
    body.type === "evidence" ? body.evidence.filter(({ check }) => check === "infrastructure.plan-clean") : [],
  );
}
