import type { ReleaseRecord, StepRecord } from "@slipway/release-engine";
import { planRelease } from "@slipway/release-plan";
import { expect, it } from "vitest";
import { assertSameSource } from "./assert-same-source.ts";

const SOURCE = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };
const plan = planRelease(
  { environment: "prod", release: "r2", previous: "r1", functions: ["orders"], source: SOURCE },
  { approvals: 0, canary: [] },
);
const request = { flags: " --local", signal: new AbortController().signal };

/** Everything before a step is done; the step is as it is said. */
function upTo(id: string, state: StepRecord["state"], change: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const index = plan.steps.findIndex((step) => step.id === id);
  const steps = plan.steps
    .slice(0, index + 1)
    .map((step) => [step.id, { ...step, state: step.id === id ? state : "done", attempts: 1, at: "" }] as const);
  return { id: "r2", plan, state: "paused", steps: new Map(steps), ...change } as unknown as ReleaseRecord;
}

const others = { revision: async () => ({ ...SOURCE, commit: "c".repeat(40) }), changedFiles: async () => [] };

it("refuses other files where a step that is left needs those of the release", async () => {
  await expect(assertSameSource(others, request, upTo("code.package.orders", "started"))).rejects.toMatchObject({
    kind: "conflict",
    what: 'Stopped before its step "build and package orders", which needs them: the files are not those any more that r2 was begun with',
    why: expect.stringContaining("commit cccccccccccc is checked out now"),
    next: expect.stringMatching(
      /^git checkout a{40}, then slipway resume prod --local; or slipway rollback prod --local/,
    ),
  });
  await assertSameSource({ ...others, revision: async () => SOURCE }, request, upTo("code.package.orders", "started"));
});

it("names the files where the commit is the same and they are not", async () => {
  const changed = {
    revision: async () => ({ ...SOURCE, tree: "d".repeat(40) }),
    changedFiles: async () => ["main.tf"],
  };
  await expect(assertSameSource(changed, request, upTo("code.package.orders", "started"))).rejects.toMatchObject({
    why: expect.stringContaining("files differ from it now: main.tf"),
  });
});

it.each(["code.publish.orders", "code.prove.orders", "smoke"])("refuses other files before %s", async (id) => {
  await expect(assertSameSource(others, request, upTo(id, "started"))).rejects.toMatchObject({ kind: "conflict" });
});

it("asks for none of a rollback, which has its code from the ledger and its infrastructure from a commit", async () => {
  const back = { from: "r2", to: "r1", parts: ["infrastructure" as const], functions: [] };
  await assertSameSource(
    others,
    request,
    upTo("infrastructure.plan", "started", { plan: { ...plan, rollsBack: back } }),
  );
});

it.each([
  ["only has to end, because a step before was judged bad", upTo("infrastructure.validate", "failed")],
  ["goes back because somebody wants it", upTo("infrastructure.plan", "done", { puttingBack: "Jane: a mistake" })],
  ["has only steps left that need none", upTo("smoke", "done")],
  ["is live", upTo("smoke", "done", { state: "live", liveAt: "2026-11-28T12:00:00.000Z" })],
])("asks for no files where the release %s", async (_, record) => {
  await assertSameSource(others, request, record);
});
