import { orphanReportSchema } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import type { FoundResource } from "./found-resource.ts";
import { type OrphanScan, reportOrphans } from "./report-orphans.ts";
import { resourceKey } from "./resource-key.ts";
import { StateOwnership } from "./state-ownership.ts";
import { found } from "./test/found.ts";

const now = Date.UTC(2026, 10, 23);
const DAY = 86_400_000;
const owned = found("sns-topic", "arn:owned", { name: "owned" });

function report(resources: readonly FoundResource[], more: Partial<OrphanScan> = {}) {
  const made = reportOrphans(
    {
      ...{ target: "AWS", account: "111111111111", region: "us-east-1", durationMs: 1, environment: "all" },
      services: ["sns", "sqs", "logs", "kms", "iam"],
      directories: { prod: "stacks/prod", dev: "stacks/dev" },
      ownership: new StateOwnership(
        [
          {
            name: "prod",
            resources: [
              { address: "aws_sns_topic.t", type: "aws_sns_topic", attributes: { arn: "arn:owned", tags: {} } },
            ],
          },
        ],
        { account: "111111111111", region: "us-east-1" },
      ),
      ...{ found: resources, states: [], gaps: [], uses: new Map(), rules: [], now },
      ...{ unreadStates: [], unlistedTypes: new Set(), undescribed: new Set() },
      ...more,
    },
    ({ type }) => (type === "kms-key" ? { usd: 1, formula: "1 key-month x $1.00" } : undefined),
  );
  return orphanReportSchema.parse(made);
}

const gap = { subject: "sqs-queue", kind: "denied", why: "sqs:ListQueues failed", next: "ask for it" } as const;

describe("the verdict", () => {
  it("is clean, orphans or incomplete", () => {
    expect(report([owned]).verdict).toBe("clean");
    expect(report([owned, found("kms-key", "k")]).verdict).toBe("orphans");
  });

  it("is incomplete with a single gap, whether or not anything was found", () => {
    expect(report([owned], { gaps: [gap] }).verdict).toBe("incomplete");
    expect(report([found("kms-key", "k")], { gaps: [gap] }).verdict).toBe("incomplete");
  });

  it("is incomplete with something undecided, for which no command is given", () => {
    const { verdict, orphans, undecided } = report([found("kms-key", "k")], { unreadStates: ["dev"] });

    expect(verdict).toBe("incomplete");
    expect(orphans).toEqual([]);
    expect(undecided).toMatchObject([{ id: "k", reason: "the state of dev could not be read" }]);
    expect(undecided[0]).not.toHaveProperty("delete");
  });
});

describe("an orphan", () => {
  it("has its age, use, tags, cost and commands", () => {
    const queue = found("sqs-queue", "https://q/jobs-prod", {
      ...{ name: "jobs-prod", createdAt: now - 40.5 * DAY, tags: { Team: "orders" } },
    });
    const uses = new Map([[resourceKey(queue), { verdict: "idle", why: "no messages in 30 days" } as const]]);

    expect(report([queue], { uses }).orphans).toEqual([
      {
        ...{ type: "sqs-queue", id: "https://q/jobs-prod", name: "jobs-prod", arn: queue.arn, environment: "prod" },
        ...{ createdAt: "2026-10-13T12:00:00.000Z", ageDays: 40, tags: { Team: "orders" }, untagged: false },
        use: { verdict: "idle", why: "no messages in 30 days" },
        reason: "in no state, and no rule owns it",
        import: "terraform -chdir=stacks/prod import aws_sqs_queue.jobs_prod https://q/jobs-prod",
        delete: ["aws sqs delete-queue --queue-url https://q/jobs-prod --region us-east-1"],
      },
    ]);
  });

  it("is not called idle for want of a record", () => {
    expect(report([found("iam-role", "r")]).orphans[0]?.use.verdict).toBe("unknown");
  });

  it.each([
    [null, "idle"],
    [now - 31 * DAY, "idle"],
    [now - 29 * DAY, "used"],
  ])("that was last used at %s is %s", (lastUsedAt, verdict) => {
    expect(report([found("iam-role", "r", { lastUsedAt })]).orphans[0]?.use.verdict).toBe(verdict);
  });

  it("is untagged with none but AWS's own tags, and neither without any to be had", () => {
    const untagged = (tags?: Record<string, string>) => report([found("iam-role", "r", { tags })]).orphans[0]?.untagged;

    expect(untagged({})).toBe(true);
    expect(untagged({ "aws:cloudformation:stack-name": "s" })).toBe(true);
    expect(untagged({ Owner: "x" })).toBe(false);
    expect(untagged(undefined)).toBe(false);
  });

  it("counts with what is known of its cost", () => {
    expect(report([found("kms-key", "k"), found("kms-key", "l"), found("iam-role", "r")]).totals).toMatchObject({
      ...{ orphans: 3, monthlyUsd: 2, withoutPrice: 1 },
    });
  });
});

it("shows what belongs to an environment, and counts what it does not show", () => {
  const resources = ["a-prod", "b-dev", "c"].map((id) => found("iam-role", id));
  const { orphans, hidden, scanned } = report(resources, { environment: "prod" });

  expect(orphans.map(({ id }) => id)).toEqual(["a-prod"]);
  expect(hidden).toBe(2);
  expect(scanned.find(({ type }) => type === "iam-role")).toMatchObject({ found: 3, orphans: 3 });
});

it("shows the services that were asked for, though more had to be seen", () => {
  const resources = [found("lambda-function", "f"), found("log-group", "/aws/lambda/f")];
  expect(report(resources, { services: ["logs"] }).orphans.map(({ type }) => type)).toEqual(["log-group"]);
});

it("remarks on owned resources without tags", () => {
  expect(report([owned]).remarks).toMatchObject([
    { id: "arn:owned", environment: "prod", untagged: true, owner: "prod: aws_sns_topic.t" },
  ]);
});

it("says which rules own how much, and which own nothing any more", () => {
  const rules = [
    { name: "a*", reason: "theirs" },
    { name: "b*", reason: "was theirs", expires: "2026-11-22" },
  ];
  expect(report([found("iam-role", "a"), found("iam-role", "b")], { rules }).rules).toEqual([
    { reason: "theirs", matched: 1, expired: false },
    { reason: "was theirs", matched: 0, expired: true, expires: "2026-11-22" },
  ]);
});
