import type { Evidence, LedgerBody, StepKind } from "@slipway/contracts";
import { describe, expect, test } from "vitest";
import type { StepContext } from "../release/step-handler.ts";
import type { ChecklistCheck, ChecklistFinding } from "./checklist-check.ts";
import { checklistHandler } from "./checklist-handler.ts";
import { FakeChecklist } from "./test/fake-checklist.ts";

function line(name: string, finding: ChecklistFinding, notInRehearsal?: string): ChecklistCheck {
  return {
    ...{ name, section: "Code Quality", title: name, pace: "quick", lifetimeMs: 0 },
    ...(notInRehearsal === undefined ? {} : { notInRehearsal }),
    inputs: async () => undefined,
    judge: async () => [finding],
  };
}

const pass = line("pass", { status: "pass", found: "good" });
const fail = line("fail", { status: "fail", found: "bad", next: "mend it" });
const review = line("review", { status: "fail", found: "nobody read it" }, "a rehearsal changes nothing");
const unknown = line("unknown", { status: "unknown", found: "nobody knows" });
const later = line("later", { status: "unknown", found: "no plan yet", decidedIn: "infrastructure.plan" });

async function take(
  checks: readonly ChecklistCheck[],
  policy: "production" | "rehearsal",
  { world = new FakeChecklist(), kinds = ["checklist", "infrastructure.plan"] as StepKind[] } = {},
) {
  const written: LedgerBody[] = [];
  const steps = kinds.map((kind) => ({ id: kind, kind, title: kind, guide: "Guide", undo: "nothing" }));
  const context: StepContext = {
    plan: {
      ...{ version: 1, environment: "prod", release: "r2", previous: null, steps },
      source: { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false },
    },
    step: steps[0] as (typeof steps)[number],
    attempt: 1,
    record: {} as StepContext["record"],
    result: () => {
      throw new Error("nobody asks");
    },
    write: async (body) => void written.push(body),
    assertHeld: () => {},
    outputs: () => undefined,
    line: () => {},
    signal: new AbortController().signal,
  };
  const options = world.options([]);
  const end = await checklistHandler({ ports: world.ports, options, policy, checks })(context);
  const evidence = written.flatMap((body): Evidence[] => (body.type === "evidence" ? body.evidence : []));
  return { end, written, evidence };
}

describe("in production", () => {
  test("a release goes on when every line passes, and the ledger has the evidence", async () => {
    const { end, written } = await take([pass], "production");

    expect(end).toEqual({
      ...{ outcome: "done", summary: "1 passed" },
      result: { pass: 1, fail: 0, unknown: 0, waived: 0 },
    });
    expect(written).toMatchObject([{ type: "evidence", step: "checklist", evidence: [{ check: "checklist.pass" }] }]);
  });

  test("a line that fails ends it", async () => {
    const { end, evidence } = await take([pass, fail, unknown], "production");

    expect(end).toMatchObject({ outcome: "failed", summary: "1 failed: fail" });
    expect(evidence).toHaveLength(3);
  });

  test("a line that an earlier plan has failed does not, where a later step of it decides that by its own plan", async () => {
    const stopped = line("plan", { status: "fail", found: "the gate stops it", decidedIn: "infrastructure.approve" });
    const kinds: StepKind[] = ["checklist", "infrastructure.plan", "infrastructure.approve"];

    const { end, evidence } = await take([pass, stopped], "production", { kinds });

    expect(end).toMatchObject({
      ...{ outcome: "done", summary: "1 passed, 1 for this release's own plan to decide" },
      result: { fail: 1 },
    });
    expect(evidence).toContainEqual(expect.objectContaining({ status: "fail", decidedIn: "infrastructure.approve" }));
    expect((await take([stopped, fail], "production", { kinds })).end).toMatchObject({ summary: "1 failed: fail" });
    expect((await take([stopped], "production")).end.outcome, "nothing decides it").toBe("failed");
  });

  test("what nobody knows pauses it, unless a later step of it decides that", async () => {
    expect((await take([pass, unknown], "production")).end).toMatchObject({
      outcome: "paused",
      summary: "1 not known: unknown",
      next: expect.stringContaining("slipway resume prod"),
    });
    expect((await take([pass, later], "production")).end).toMatchObject({ outcome: "done" });
    expect((await take([later], "production", { kinds: ["checklist"] })).end).toMatchObject({ outcome: "paused" });
  });

  test("waivers that were given to this release count", async () => {
    const world = new FakeChecklist();
    const waiver = { check: "checklist.unknown", by: "Jane", reason: "known", expires: "2026-12-01" };
    world.write({ type: "waiver.given", waiver }, "r1");
    expect((await take([unknown], "production", { world })).end.outcome).toBe("paused");
    world.write({ type: "waiver.given", waiver }, "r2");

    const { end, evidence } = await take([unknown], "production", { world });

    expect(end).toMatchObject({ outcome: "done", summary: "0 passed, 1 waived" });
    expect(evidence).toMatchObject([{ status: "waived", waiver: { by: "Jane" } }]);
  });

  test("files that are not those of the plan are refused", async () => {
    const world = new FakeChecklist();
    world.revision = { ...world.revision, tree: "f".repeat(40) };

    await expect(take([pass], "production", { world })).rejects.toMatchObject({ kind: "conflict" });
  });
});

describe("in a rehearsal", () => {
  test("what nobody knows does not stop it, and what other people have to do is waived, visibly", async () => {
    const { end, evidence } = await take([pass, unknown, review], "rehearsal");

    expect(end).toMatchObject({ outcome: "done", summary: "1 passed, 1 waived, 1 not known yet" });
    expect(evidence.at(-1)).toMatchObject({
      status: "waived",
      found: "nobody read it",
      waiver: { by: "rehearsal", reason: "a rehearsal changes nothing", expires: evidence.at(-1)?.at.slice(0, 10) },
    });
  });

  test("what fails stops it, too", async () => {
    expect((await take([pass, fail], "rehearsal")).end).toMatchObject({ outcome: "failed" });
  });
});
