import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SshSignatures } from "@slipway/aws";
import type { ApprovalConfig, InfrastructureFinding, LedgerBody, LedgerEntry, PlanSummary } from "@slipway/contracts";
import { createRedactor, type PolicyInForce } from "@slipway/release-engine";
import { describe, expect, onTestFinished, test } from "vitest";
import type { CommandIo } from "../command.ts";
import { golden } from "../test/golden.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";
import { type AskedApproval, approvePlan } from "./approve-plan.ts";
import { planSummary, replacedTable } from "./test/plan-summary.ts";

const JANE = { name: "Jane Reader", email: "jane@example.com" };
const STOPS = ["plan.replace-stateful", replacedTable.address];
const open = planSummary({ gate: "open", findings: [] });

function ruled(approvals: ApprovalConfig = { infrastructure: 2 }, repository: string): PolicyInForce {
  const { signers: name } = approvals;
  return {
    ...{ approvals, reviewers: 0, isProtected: true, because: "the rules of r11", loosened: [] },
    ...(name !== undefined && {
      signatures: new SshSignatures({ name, text: readFileSync(join(repository, name), "utf8") }, process.env),
    }),
  };
}

/** A ledger with a release that waits with a plan. */
function arrange(
  summary: PlanSummary = open,
  {
    approvals,
    repository = "/",
    settled,
    policy = {},
  }: {
    approvals?: ApprovalConfig;
    repository?: string;
    settled?: InfrastructureFinding[];
    policy?: Partial<PolicyInForce>;
  } = {},
) {
  const entries: LedgerEntry[] = [];
  const append = async ({ by, release, body }: Pick<LedgerEntry, "by" | "release" | "body">) => {
    const hashes = { previous: "0".repeat(64), hash: "0".repeat(64) };
    const entry: LedgerEntry = {
      ...{ version: 1, environment: "prod", sequence: entries.length + 1, at: "2026-11-28T12:30:00.000Z", token: null },
      ...{ by, release, body, ...hashes },
    };
    entries.push(entry);
    return entry;
  };
  const write = (body: LedgerBody) => append({ by: { name: "Sam <sam@example.com>" }, release: "r12", body });
  const step = { id: "smoke", kind: "smoke", title: "smoke", guide: "-", undo: "-" } as const;
  const plan = {
    version: 1,
    environment: "prod",
    release: "r12",
    source: summary.source,
    previous: null,
    steps: [step],
  } as const;
  void write({ type: "release.started", plan: { ...plan, steps: [step] }, authors: ["Ada <ada@example.com>"] });
  void write({ type: "plan.made", summary });
  if (settled !== undefined) {
    void write({ type: "plan.settled", planDigest: summary.planDigest, findings: settled });
  }
  const run = async (
    asked: AskedApproval,
    who = JANE,
    { answer, output = "text" }: { answer?: string; output?: "text" | "json" } = {},
  ) => {
    let [stdout, stderr] = ["", ""];
    const questions: string[] = [];
    const io: CommandIo = {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      env: { PATH: process.env.PATH, HOME: repository, GIT_AUTHOR_NAME: who.name, GIT_AUTHOR_EMAIL: who.email },
      ...{ cwd: repository, isTty: false, columns: 80, signal: new AbortController().signal },
      ...(answer === undefined
        ? {}
        : {
            ask: async (question: string) => {
              questions.push(question);
              return answer;
            },
          }),
    };
    const place = {
      ...{ ledger: { read: async () => entries, append }, redactor: createRedactor(), repository, environment: "prod" },
      ...{ where: "AWS", flags: "" },
      policy: async () => ({ ...ruled(approvals, repository), ...policy }),
    };
    const code = await approvePlan(place, asked, { io, output });
    return { code, stdout, stderr, questions };
  };
  const given = () => entries.flatMap(({ by, body }) => (body.type === "approval.given" ? [{ by, ...body }] : []));
  return { entries, run, given, write };
}

describe("slipway approve", () => {
  test("shows the plan, asks, and binds the yes to its bytes, its commit and its state", async () => {
    const { run, given } = arrange();

    const { code, stdout, questions } = await run({ comment: "read it all" }, JANE, { answer: "yes" });

    expect(code).toBe(0);
    expect(stdout).toContain("15 to add, 1 to change, 2 to destroy");
    expect(stdout).toContain("Still missing: 1 of 2 approvals.");
    expect(questions).toEqual(["Approve the plan 3f2a9c1b0d7e of prod? Type yes: "]);
    expect(given()).toMatchObject([
      {
        by: { name: "Jane Reader <jane@example.com>" },
        ...{
          planDigest: open.planDigest,
          commit: open.source.commit,
          stateSerial: 41,
          accepts: [],
          comment: "read it all",
        },
      },
    ]);
    const john = await run({ plan: "3f2a9c1b0d7e" }, { name: "John", email: "john@example.com" });
    expect(john.stdout).toContain("2 approvals, 2 needed. Next: slipway resume prod");
  });

  test.each(["no", "", "y"])("takes '%s' for a no", async (answer) => {
    const { run, given } = arrange();

    await expect(run({}, JANE, { answer })).rejects.toMatchObject({
      ...{ name: "FailedWith", exitCode: 1, message: "nothing was approved." },
    });
    expect(given()).toEqual([]);
  });

  test.each([
    ["who wrote it", { name: "Ada", email: "Ada@Example.com" }],
    ["who started it", { name: "Somebody", email: "sam+x@example.com" }],
  ])("refuses %s, with the reason", async (_, who) => {
    const { run, given } = arrange();

    await expect(run({}, who, { answer: "yes" })).rejects.toThrow(
      /^Refused: .* wrote or started what is released .*: somebody else has to look at it\. Ask a colleague/,
    );
    expect(given()).toEqual([]);
  });

  test("does not take silence for a yes", async () => {
    const { run } = arrange();

    await expect(run({})).rejects.toThrow(
      "Nobody is there to be asked. Where that is meant, say which plan: --plan 3f2a9c1b0d7e",
    );
    await expect(run({ plan: "ffffffffffff" })).rejects.toThrow("the plan that waits is 3f2a9c1b0d7e, another one");
    await expect(run({ plan: "3f2a" })).rejects.toThrow("is no digest of a plan");
  });

  test("to a plan that is stopped, accepts by name or not at all", async () => {
    const { run, given } = arrange(planSummary());

    await expect(run({}, JANE, { answer: "yes" })).rejects.toThrow(
      `slipway approve prod --accept plan.replace-stateful '${replacedTable.address}'`,
    );
    await expect(run({ accept: ["plan.replace-stateful"] })).rejects.toThrow("'plan.replace-stateful' stands alone");
    await expect(run({ accept: ["plan.replace-stateful", "other"] })).rejects.toThrow(
      "there is no 'plan.replace-stateful other'",
    );
    expect((await run({ accept: STOPS }, JANE, { answer: "yes" })).questions[0]).toContain(
      `accept ${STOPS.join(" ")}?`,
    );
    expect(given()).toMatchObject([{ accepts: [STOPS.join(" ")] }]);
  });

  test("also to what only the apply has shown", async () => {
    const settled = [{ ...replacedTable, id: "iam.wildcard-action", address: "aws_iam_role_policy.fn" } as const];
    const { run, given } = arrange(open, { settled });

    const said = await run({ accept: ["iam.wildcard-action", "aws_iam_role_policy.fn"] }, JANE, { answer: "yes" });

    expect(said.stdout).toContain("Found after the apply\n  iam.wildcard-action aws_iam_role_policy.fn");
    expect(given()).toMatchObject([{ accepts: ["iam.wildcard-action aws_iam_role_policy.fn"] }]);
  });

  test("is signed where signers are named, and counts only then", async () => {
    const folder = temporaryRepository();
    onTestFinished(folder.remove);
    const key = join(folder.path, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], { env: { PATH: process.env.PATH } });
    writeFileSync(join(folder.path, "signers"), `jane@example.com ${readFileSync(`${key}.pub`, "utf8")}`);
    const approvals = { infrastructure: 1, signers: "signers" };
    const { run } = arrange(open, { approvals, repository: folder.path });
    const plan = "3f2a9c1b0d7e";

    await expect(run({ plan })).rejects.toThrow("--sign: is missing");
    const forged = await run({ plan, sign: "key" }, { name: "John", email: "john@example.com" });
    expect(forged.stdout.replaceAll(/\s+/g, " ")).toContain(
      "It does not count: it is signed with the key of jane@example.com",
    );
    const signed = await run({ plan, sign: "~/key" }, JANE, { output: "json" });
    await golden("approve", signed.stdout);
    expect(JSON.parse(signed.stdout)).toMatchObject({
      isApproved: true,
      approval: { signature: expect.stringContaining("BEGIN SSH SIGNATURE") },
    });
  });

  test("is not asked for where nobody can tell whose would count", async () => {
    const unknown = {
      what: "The rules of r11 cannot be read",
      why: "it was never fetched here",
      next: "git fetch origin 1",
    };
    const { run, given } = arrange(open, { policy: { unknown } });

    await expect(run({}, JANE, { answer: "yes" })).rejects.toThrow(
      "Nobody can tell whose approval counts. Next: git fetch origin 1",
    );
    expect(given()).toEqual([]);
  });

  test("says where nothing waits", async () => {
    const { run, write } = arrange();
    await write({ type: "release.ended", outcome: "live", reason: "done", functions: [] });

    await expect(run({})).rejects.toThrow(
      "There is nothing to approve: prod has no release that waits: r12 is live. A release plans first: slipway deploy prod",
    );
  });
});
