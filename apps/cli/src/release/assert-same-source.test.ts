import type { ReleaseRecord, StepRecord } from "@slipway/release-engine";
import { planRelease } from "@slipway/release-plan";
import { expect, it } from "vitest";
import { assertSameSource } from "./assert-same-source.ts";

const SOURCE = { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false };
const plan = planRelease(
  { environment: "prod", release: "r2", previous: "r1", functions: ["orders"], source: SOURCE },
  { approvals: 0, canary: [] },
);
const request = { name: "prod", flags: " --local", signal: new AbortController().signal };

/** Everything before a step is done; the step is as it is said. */
function upTo(id: string, state: StepRecord["state"], change: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const index = plan.steps.findIndex((step) => step.id === id);
  const steps = plan.steps
    .slice(0, index + 1)
    .map((step) => [step.id, { ...step, state: step.id === id ? state : "done", attempts: 1, at: "" }] as const);
  return { id: "r2", plan, state: "paused", steps: new Map(steps), ...change } as unknown as ReleaseRecord;
}

const others = { revision: async () => ({ ...SOURCE, commit: "c".repeat(40) }) };

it("refuses other files where a step that is left needs those of the release", async () => {
  await expect(assertSameSource(others, request, upTo("code.package.orders", "started"))).rejects.toMatchObject({
    kind: "conflict",
    what: "Other files are checked out than those of r2",
    why: expect.stringContaining('its step "build and package orders" still needs them'),
    next: expect.stringMatching(/^git checkout a{40}, .* slipway rollback prod --local$/),
  });
  await assertSameSource({ revision: async () => SOURCE }, request, upTo("code.package.orders", "started"));
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
