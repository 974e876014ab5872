import type { InfrastructureFinding } from "@slipway/contracts";
import { temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { AUTHOR, arrangeInfrastructure, newQueue } from "./test/arrange-infrastructure.ts";

const JANE = "Jane Reader <jane@example.com>";
const JOHN = "John Reader <john@example.com>";

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
