import {
  checkpointConfigSchema,
  type Evidence,
  type LedgerBody,
  type LedgerEntry,
  ledgerBodySchema,
  type ValidationConfig,
  type ValidationMeasurements,
  type ValidationWindow,
  type Waiver,
} from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { CheckpointRules } from "../policy/checkpoint-rules.ts";
import type { Message } from "../ports/notifier.ts";
import { fakeStepContext } from "../test/fake-step-context.ts";
import { goodMeasurements } from "../validation/test/good-measurements.ts";
import { type CheckpointEvidence, checkpointHandler } from "./checkpoint-handler.ts";
import { rollBackOn } from "./roll-back-on.ts";

const liveAt = "2026-11-28T11:00:00.000Z";
const now = Date.parse("2026-11-28T12:00:00.000Z");

const RATE = "validation.short.error-rate";
const COST = "validation.extended.cost-expected";
const FEEDBACK = "validation.extended.user-feedback";

function finding(check: string, status: Evidence["status"]): Evidence {
  const forPeople = check === FEEDBACK && status === "unknown";
  return {
    ...{ check, status, title: check, found: `${check} is ${status}`, at: new Date(now).toISOString(), next: "look" },
    ...(forPeople && { forPeople }),
  };
}

/** Looks that come one after the other, the last for ever. */
class FakeEvidence implements CheckpointEvidence {
  readonly questions: Parameters<CheckpointEvidence["measure"]>[0][] = [];
  readonly ownRequests: number[] = [];
  readonly limits: (ValidationConfig | undefined)[] = [];
  readonly measurements: ValidationMeasurements[] = [];
  readonly #looks: Evidence[][];
  readonly #clock: ManualClock;

  constructor(clock: ManualClock, looks: Evidence[][]) {
    this.#clock = clock;
    this.#looks = looks;
  }

  async measure(question: Parameters<CheckpointEvidence["measure"]>[0]) {
    this.questions.push(question);
    const at = this.#clock.now();
    const period = { from: liveAt, to: new Date(at).toISOString() };
    const good = goodMeasurements(question.window);
    const smoke = question.smoke ? good.smoke : null;
    return { deployment: [], measurements: { ...good, at: new Date(at).toISOString(), period, smoke } };
  }

  judge(measurements: ValidationMeasurements, ownRequests: number, limits?: ValidationConfig): readonly Evidence[] {
    this.limits.push(limits);
    this.measurements.push(measurements);
    this.ownRequests.push(ownRequests);
    return (this.#looks.length > 1 ? this.#looks.shift() : this.#looks[0]) ?? [];
  }
}

interface Setting {
  readonly looks: Evidence[][];
  readonly window?: ValidationWindow;
  readonly ledger?: LedgerBody[];
  readonly waivers?: Waiver[];
  readonly putBackOn?: string[];
  readonly rules?: Partial<CheckpointRules>;
  readonly signal?: AbortSignal;
  readonly previous?: null;
}

async function judge({
  looks,
  window = "short",
  ledger = [],
  waivers = [],
  putBackOn,
  rules,
  signal,
  ...rest
}: Setting) {
  const clock = new ManualClock(now);
  const evidence = new FakeEvidence(clock, looks);
  const told: Message[] = [];
  const entries = ledger.map((body) => ({ release: "r2", body }) as LedgerEntry);
  const handler = checkpointHandler({
    ...{ evidence, clock, flags: " --local" },
    config: checkpointConfigSchema.parse({ tryAgainForSeconds: 150 }),
    rules: async ({ release }) => ({
      ...{ rollBackOn: rollBackOn(putBackOn), waivers, ignored: [], because: `the rules of ${release}` },
      ...rules,
    }),
    readEntries: async () => entries,
    announcer: { announce: async (message) => void told.push(message) },
  });
  const context = fakeStepContext({
    step: { id: `checkpoint.${window}`, kind: "checkpoint", window },
    record: { state: "live", liveAt },
    ...(signal && { signal }),
    ...rest,
  });
  const end = await handler(context);
  return { end, context, evidence, clock, told };
}

describe("checkpointHandler", () => {
  it("passes when everything does, and writes down what was measured", async () => {
    const { end, context, evidence, told } = await judge({ looks: [[finding(RATE, "pass")]] });

    expect(end).toEqual({
      outcome: "done",
      summary: "the hour after it went live: 1 check passed",
      result: { window: "short", verdict: "pass", decidedBy: [] },
    });
    expect(evidence.questions[0]).toMatchObject({ window: "short", releasedAt: Date.parse(liveAt), smoke: true });
    const [entry] = context.written;
    expect(entry).toMatchObject({ type: "checkpoint.judged", window: "short", verdict: "pass" });
    expect(ledgerBodySchema.safeParse(entry).success).toBe(true);
    expect(told).toMatchObject([
      { moment: "checkpoint-passed", title: "r2 of prod has passed its checkpoint short (1h)" },
    ]);
  });

  it("puts the release back although its author has said that it need not", async () => {
    const waiver = { check: "validation.error-rate", reason: "known", expires: "2026-12-31" };
    const started = (more: object) =>
      ({ type: "release.started", authors: ["Ada <ada@example.com>"], ...more }) as unknown as LedgerBody;
    const looks = [[finding(RATE, "fail")]];
    const given = (by: string): LedgerBody => ({ type: "waiver.given", waiver: { ...waiver, by } });
    const own = await judge({ looks, ledger: [started({})], waivers: [{ ...waiver, by: "Ada <Ada@example.com>" }] });
    const typed = await judge({ looks, ledger: [started({}), given("Ada <ada@example.com>")] });
    const nobodyKnows = await judge({ looks, ledger: [started({ authorsUnknown: "shallow" }), given("Olga")] });
    const others = await judge({ looks, ledger: [started({}), given("Olga <olga@example.com>")] });

    for (const { end, context } of [own, typed, nobodyKnows]) {
      expect(end).toMatchObject({ outcome: "failed", result: { verdict: "fail", decidedBy: [RATE] } });
      expect(JSON.stringify(context.written)).toContain("does not count");
    }
    expect(others.end).toMatchObject({ outcome: "done" });
  });

  it("puts the release back at once when a check of the release fails, whatever else is not known", async () => {
    const { end, evidence, told } = await judge({
      looks: [[finding(RATE, "fail"), finding(COST, "fail"), finding("validation.short.no-timeouts", "unknown")]],
    });

    expect(end).toMatchObject({
      outcome: "failed",
      summary: `error-rate: ${RATE} is fail`,
      next: "slipway show prod r2 --local",
      result: { verdict: "fail", decidedBy: [RATE] },
    });
    expect(evidence.questions).toHaveLength(1);
    expect(told).toMatchObject([
      { moment: "checkpoint-failed", title: expect.stringMatching(/: it is being put back$/) },
    ]);
  });

  it("never puts a first release back, and tells people at once that it fails", async () => {
    const looks = [[finding(RATE, "fail"), finding("validation.short.no-timeouts", "unknown")]];
    const { end, context, evidence, told } = await judge({ looks, previous: null });

    const instead = "slipway deploy prod --local releases a fix; slipway destroy prod --local takes everything down";
    expect(end).toEqual({
      outcome: "done",
      summary: `FAILED, and the first release stays: nothing ran before it. error-rate (${RATE} is fail); ${instead}`,
      result: { window: "short", verdict: "fail", decidedBy: [RATE] },
    });
    expect(evidence.questions).toHaveLength(1);
    expect(context.written).toMatchObject([{ type: "checkpoint.judged", verdict: "fail" }]);
    expect(told).toMatchObject([
      {
        moment: "checkpoint-failed",
        title: expect.stringMatching(
          /: nothing ran before it to go back to; it stays live, and somebody has to decide$/,
        ),
        next: `slipway show prod r2 --local; then ${instead}`,
      },
    ]);
  });

  it("leaves to people what has other reasons, and calls it no pass", async () => {
    const { end, told } = await judge({ looks: [[finding(RATE, "pass"), finding(COST, "fail")]] });

    expect(end).toMatchObject({
      outcome: "done",
      summary: expect.stringMatching(/^FAILED, for people to decide: cost-expected/),
      result: { verdict: "fail", decidedBy: [COST] },
    });
    expect(told).toMatchObject([{ moment: "checkpoint-failed", title: expect.stringMatching(/it stays live/) }]);
  });

  it("does as the release's own rules say of what puts it back, and says whose they are", async () => {
    const limits = { minimumRequests: 7 } as ValidationConfig;
    const asked = { looks: [[finding(COST, "fail")]], putBackOn: ["cost-expected"], rules: { limits } };
    const { end, context, evidence } = await judge(asked);

    expect(end).toMatchObject({ outcome: "failed" });
    expect(evidence.limits).toEqual([limits]);
    expect(evidence.questions.map((question) => question.limits)).toEqual([limits]);
    expect(context.lines).toEqual(["judged by the rules of r2"]);
  });

  it("names the waivers that do not count because nobody knows whether the release has them", async () => {
    const waiver: Waiver = { check: "validation.error-rate", by: "Jane", reason: "known", expires: "2026-12-31" };
    const ignored = [{ waiver, why: "nobody knows whether r2 has it" }];

    const rules = { ignored, unknown: "the rules of r2 cannot be read" };
    const { end, context } = await judge({ looks: [[finding(RATE, "fail")]], rules });

    expect(end).toMatchObject({
      outcome: "failed",
      summary: expect.stringMatching(/^error-rate: .*; the rules of r2 cannot be read$/s),
    });
    expect(JSON.stringify(context.written)).toContain("does not count: nobody knows whether r2 has it");
  });

  it("looks again each minute while something is not known, and runs the smoke scenario once", async () => {
    const { end, evidence, clock } = await judge({ looks: [[finding(RATE, "unknown")], [finding(RATE, "pass")]] });

    expect(end).toMatchObject({ outcome: "done", result: { verdict: "pass" } });
    expect(evidence.questions.map(({ smoke }) => smoke)).toEqual([true, false]);
    // What the first look saw of the smoke scenario is judged the second time, too.
    expect(evidence.measurements[1]?.smoke).toEqual(goodMeasurements("short").smoke);
    expect(clock.now() - now).toBe(60_000);
  });

  it("does not count the requests of its own looks, nor those of earlier checkpoints in the period", async () => {
    const good = goodMeasurements("immediate");
    const earlier = (at: string): LedgerBody => ({
      ...{ type: "checkpoint.judged", window: "immediate", verdict: "pass", evidence: [] },
      measurements: { ...good, at },
    });
    const { evidence } = await judge({
      looks: [[finding(RATE, "unknown")], [finding(RATE, "pass")]],
      ledger: [earlier("2026-11-28T11:05:00.000Z"), earlier("2026-11-28T10:05:00.000Z")],
    });

    const [probes, smoke] = [good.probes, good.smoke];
    const sent =
      ("value" in probes ? probes.value.length : 0) +
      (smoke !== null && "value" in smoke
        ? [...smoke.value.steps, ...smoke.value.cleanup].reduce((sum, { attempts }) => sum + attempts, 0)
        : 0);
    expect(sent).toBeGreaterThan(1);
    expect(evidence.ownRequests).toEqual([sent, 2 * sent]);
  });

  it("waits for a person in the end: what nobody knows is no pass", async () => {
    const { end, evidence, clock, told, context } = await judge({ looks: [[finding(RATE, "unknown")]] });

    expect(end).toMatchObject({
      outcome: "paused",
      summary: `nobody knows: error-rate (${RATE} is unknown)`,
      next: "look; then slipway watch prod --local judges it again",
      result: { verdict: "unknown", decidedBy: [RATE] },
    });
    expect(clock.now() - now).toBe(150_000);
    expect(evidence.questions).toHaveLength(4);
    expect(context.written).toMatchObject([{ type: "checkpoint.judged", verdict: "unknown" }]);
    expect(told).toMatchObject([{ moment: "checkpoint-unknown" }]);
  });

  it("tells people once that it does not know, however often it looks", async () => {
    const unknown: LedgerBody = { type: "checkpoint.judged", window: "short", verdict: "unknown", evidence: [] };

    expect((await judge({ looks: [[finding(RATE, "unknown")]], ledger: [unknown] })).told).toEqual([]);
  });

  it("has nothing to say where nothing was looked at", async () => {
    expect((await judge({ looks: [[]] })).end).toMatchObject({ outcome: "paused", result: { verdict: "unknown" } });
  });

  it("goes on with a waiver, of the configuration or of the ledger, and says so", async () => {
    const waiver = (check: string, expires = "2026-11-28"): Waiver => ({ check, by: "Jane", reason: "known", expires });
    const looks = [[finding(FEEDBACK, "unknown"), finding(RATE, "pass")]];

    const { end, context } = await judge({ looks, waivers: [waiver("validation.user-feedback")] });
    expect(end).toMatchObject({
      outcome: "done",
      summary: expect.stringMatching(/2 checks passed, 1 of them waived$/),
    });
    expect(context.written[0]).toMatchObject({
      evidence: [{ status: "waived", waiver: { by: "Jane", reason: "known", expires: "2026-11-28" } }, {}],
    });

    const given: LedgerBody = { type: "waiver.given", waiver: waiver(FEEDBACK) };
    expect((await judge({ looks, ledger: [given] })).end).toMatchObject({ outcome: "done" });
    expect((await judge({ looks, waivers: [waiver(FEEDBACK, "2026-11-27")] })).end).toMatchObject({
      outcome: "paused",
    });
  });

  it("asks for a person's word, without waiting for what time cannot bring", async () => {
    const looks = [[finding(FEEDBACK, "unknown")]];
    const { end, clock, evidence } = await judge({ looks, window: "extended" });

    expect(end).toMatchObject({ outcome: "paused", next: "slipway watch prod --sign-off 'YOUR NAME' --local" });
    expect(clock.now()).toBe(now);
    expect(evidence.questions[0]).not.toHaveProperty("signOff");
  });

  it("does not wait for what only the configuration can say, and names it before the word of a person", async () => {
    const unsaid: Evidence = { ...finding(COST, "unknown"), next: "add monthlyCostUsd", forPeople: true };
    const { end, clock } = await judge({ looks: [[finding(FEEDBACK, "unknown"), unsaid]], window: "extended" });

    expect(end).toMatchObject({
      ...{ outcome: "paused", result: { verdict: "unknown" } },
      next: "add monthlyCostUsd; then slipway watch prod --local judges it again",
    });
    expect(clock.now()).toBe(now);
  });

  it("takes the word that was given before", async () => {
    const signOff = { by: "Jane", feedback: "positive", at: liveAt } as const;
    const { evidence } = await judge({
      looks: [[finding(FEEDBACK, "pass")]],
      window: "extended",
      ledger: [
        { type: "sign-off.given", signOff: { ...signOff, by: "Joe" } },
        { type: "sign-off.given", signOff },
      ],
    });

    expect(evidence.questions[0]).toMatchObject({ signOff });
  });

  it("stops between two looks when asked to, and has judged nothing", async () => {
    const stopped = judge({ looks: [[finding(RATE, "unknown")]], signal: AbortSignal.abort() });

    await expect(stopped).rejects.toMatchObject({ kind: "interrupted", next: "slipway watch prod judges it" });
  });
});

it("judges a rollback by the rules of the release that it was made from, not by those of the one that it goes to", async () => {
  const started = (release: string, rollsBack?: object) => ({
    ...{ release, at: liveAt, by: { name: "Jane" } },
    body: { type: "release.started", plan: { release, source: { commit: null }, ...rollsBack }, authors: [] },
  });
  const back = { rollsBack: { from: "r2", to: "r1", parts: ["code"], functions: [] } };
  const entries = [started("r1"), started("r2"), started("r3", back)] as unknown as LedgerEntry[];
  const asked: string[] = [];
  const clock = new ManualClock(now);
  const context = fakeStepContext({
    step: { id: "checkpoint.short", kind: "checkpoint", window: "short" },
    record: { state: "live", liveAt },
  });
  const { plan } = (entries.at(-1) as LedgerEntry).body as { plan: typeof context.plan };
  await checkpointHandler({
    ...{ evidence: new FakeEvidence(clock, [[finding(RATE, "pass")]]), clock, flags: "" },
    config: checkpointConfigSchema.parse({}),
    async rules({ release }) {
      asked.push(release);
      return { rollBackOn: rollBackOn(), waivers: [], ignored: [], because: `the rules of ${release}` };
    },
    readEntries: async () => entries,
  })({ ...context, plan });

  expect(asked).toEqual(["r2"]);
});
