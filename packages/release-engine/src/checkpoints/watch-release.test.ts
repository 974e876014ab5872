import type { Holder, LedgerBody, ReleasePlan, StepKind, ValidationWindow } from "@slipway/contracts";
import { ManualClock, RecordingProgress } from "@slipway/testing";
import { beforeEach, describe, expect, it } from "vitest";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger } from "../ledger/open-ledger.ts";
import { MemoryLedgerTable } from "../ledger/test/memory-ledger-table.ts";
import { createRedactor } from "../redaction/create-redactor.ts";
import type { StepHandler, StepHandlers } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { type WatchEnd, watchRelease } from "./watch-release.ts";

const start = Date.parse("2026-11-28T12:00:00.000Z");
const MINUTE_MS = 60_000;
const holder: Holder = { id: "watch", actor: { name: "Jane" }, host: "here", pid: 1, command: "slipway watch prod" };
const moved = { function: "orders", functionName: "orders-prod", alias: "live", from: "1", to: "2" };

const step = (id: string, kind: StepKind, window?: ValidationWindow) => ({
  ...{ id, kind, title: id, guide: "Phase 2", undo: "-", ...(window && { window }) },
});

const steps = [
  step("traffic.promote", "traffic.promote"),
  step("checkpoint.immediate", "checkpoint", "immediate"),
  step("checkpoint.short", "checkpoint", "short"),
  step("checkpoint.extended", "checkpoint", "extended"),
];

let clock: ManualClock;
let table: MemoryLedgerTable;
let ledger: Ledger;

beforeEach(() => {
  clock = new ManualClock(start);
  table = new MemoryLedgerTable();
  ledger = ledgerOn(table);
});

function ledgerOn(on: MemoryLedgerTable): Ledger {
  const redactor = createRedactor();
  return openLedger(on, { environment: "prod", clock, leaseClock: clock, redactor, leaseSeconds: 60 });
}

/** A release with all of the traffic, written by another process. */
async function goLive(release = "r1", previous: string | null = null): Promise<void> {
  const plan: ReleasePlan = {
    ...{ version: 1, environment: "prod", release, previous, steps },
    source: { commit: null, tree: null, dirty: false },
  };
  const promote = { step: "traffic.promote", kind: "traffic.promote" } as const;
  const bodies: LedgerBody[] = [
    { type: "release.started", plan, authors: [] },
    { type: "step.started", ...promote, attempt: 1 },
    {
      ...{ type: "step.finished", ...promote, outcome: "done", summary: "all of it", durationMs: 5 },
      result: { percent: 100, functions: [moved] },
    },
    { type: "release.ended", outcome: "live", reason: "it answers", functions: [] },
  ];
  for (const body of bodies) {
    await ledger.append({ by: { name: "Joe" }, release, body });
  }
}

type Verdict = "pass" | "fail" | "unknown" | "put-back" | ReleaseError;

/** Judges windows as told; the last verdict of each for ever. */
function handlersWith(verdicts: Partial<Record<ValidationWindow, Verdict[]>>, judged: string[]): () => StepHandlers {
  const checkpoint: StepHandler<"checkpoint"> = async ({ step: { window = "immediate" }, write }) => {
    const all = verdicts[window] ?? ["pass"];
    const next = (all.length > 1 ? all.shift() : all[0]) ?? "pass";
    if (typeof next !== "string") {
      throw next;
    }
    judged.push(`${window} at +${Math.round((clock.now() - start) / MINUTE_MS)}m: ${next}`);
    const verdict = next === "put-back" ? "fail" : next;
    const result = { window, verdict, decidedBy: [] };
    await write({ type: "checkpoint.judged", window, verdict, evidence: [] });
    return next === "put-back"
      ? { outcome: "failed", summary: "too many errors", next: "look", result }
      : next === "unknown"
        ? { outcome: "paused", summary: "too little traffic", next: "wait", result }
        : { outcome: "done", summary: next, result };
  };
  const restore: StepHandler<"traffic.restore"> = async () => {
    judged.push("restored");
    return { outcome: "done", summary: "back", result: { percent: 100, functions: [moved] } };
  };
  return () => ({ checkpoint, "traffic.restore": restore }) as unknown as StepHandlers;
}

interface Watch {
  readonly verdicts?: Partial<Record<ValidationWindow, Verdict[]>>;
  readonly once?: boolean;
  readonly signal?: AbortSignal;
  readonly on?: Ledger;
  readonly lookEveryMs?: number;
}

async function watch({ verdicts = {}, once = false, signal, on = ledger, lookEveryMs }: Watch = {}) {
  const judged: string[] = [];
  const lines: string[] = [];
  const release = { clock, systemClock: clock, progress: new RecordingProgress(), redactor: createRedactor() };
  const end: WatchEnd = await watchRelease(
    { release, ledger: on, handlers: handlersWith(verdicts, judged) },
    {
      ...{ holder, once, flags: " --local", onLine: (text) => lines.push(text) },
      signal: signal ?? new AbortController().signal,
      ...(lookEveryMs !== undefined && { lookEveryMs }),
    },
  );
  return { end, judged, lines };
}

describe("watchRelease", () => {
  it("judges each checkpoint once it is due, and ends when the last has passed", async () => {
    await goLive();

    const { end, judged, lines } = await watch();

    expect(judged).toEqual(["immediate at +5m: pass", "short at +60m: pass", "extended at +1440m: pass"]);
    expect(end).toMatchObject({ state: "passed", reason: "r1 has passed all of its checkpoints" });
    expect(lines[0]).toBe("r1 is live; its next checkpoint (immediate) is due at 2026-11-28T12:05:00.000Z");
  });

  it("holds the lease while it judges, and not while it waits", async () => {
    await goLive();
    await watch();

    const types = (await ledger.read()).map(({ body }) => body.type);
    expect(types.filter((type) => type === "lease.taken")).toHaveLength(3);
    expect(types.at(-1)).toBe("lease.released");
    expect((await ledger.head())?.lease).toBeNull();
  });

  it("puts the release back when a later checkpoint fails", async () => {
    await goLive();

    const { end, judged } = await watch({ verdicts: { short: ["put-back"] } });

    expect(judged).toEqual(["immediate at +5m: pass", "short at +60m: put-back", "restored"]);
    expect(end).toMatchObject({ state: "put-back", reason: "checkpoint.short: too many errors" });
  });

  it("goes on putting back what another process had begun to", async () => {
    await goLive();
    await ledger.append({ by: { name: "Joe" }, release: "r1", body: { type: "release.putting-back", reason: "Joe" } });

    const { end, judged } = await watch({ once: true });

    expect(judged).toEqual(["restored"]);
    expect(end).toMatchObject({ state: "put-back", reason: "Joe" });
  });

  it("goes on from the ledger after a restart, as if nothing had happened", async () => {
    await goLive();
    clock.advance(6 * MINUTE_MS);
    await watch({ once: true });
    await expect(watch({ signal: AbortSignal.abort() })).resolves.toMatchObject({ end: { state: "interrupted" } });
    clock.advance(30 * 60 * MINUTE_MS);

    const { judged } = await watch({ on: ledgerOn(table) });

    expect(judged).toEqual(["short at +1806m: pass", "extended at +1806m: pass"]);
  });

  it("goes on after what people have to decide, and says so in the end", async () => {
    await goLive();

    const { end, judged } = await watch({ verdicts: { immediate: ["fail"] } });

    expect(judged).toHaveLength(3);
    expect(end).toMatchObject({
      state: "failed",
      next: expect.stringMatching(/slipway deploy prod --local releases a fix; slipway destroy prod --local takes/),
    });
  });

  it("sleeps until the next one is due where it is told that nobody releases meanwhile", async () => {
    await goLive();
    const sleeps: number[] = [];
    const sleep = clock.sleep.bind(clock);
    clock.sleep = (milliseconds: number) => {
      sleeps.push(Math.round(milliseconds / MINUTE_MS));
      return sleep(milliseconds);
    };

    expect((await watch({ lookEveryMs: Number.POSITIVE_INFINITY })).end).toMatchObject({ state: "passed" });
    expect(sleeps).toEqual([5, 55, 1380]);
  });

  it("names the way back where there is one", async () => {
    await goLive();
    await goLive("r2", "r1");

    expect((await watch({ verdicts: { immediate: ["fail"] } })).end).toMatchObject({
      state: "failed",
      next: "slipway show prod r2 --local; slipway rollback prod --local puts it back",
    });
  });

  it("judges again what could not be judged when the next one is due, and ends with what nobody knows", async () => {
    await goLive();

    const { end, judged } = await watch({ verdicts: { immediate: ["unknown", "pass"], extended: ["unknown"] } });

    expect(judged).toEqual([
      ...["immediate at +5m: unknown", "immediate at +60m: pass", "short at +60m: pass"],
      "extended at +1440m: unknown",
    ]);
    expect(end).toMatchObject({
      ...{ state: "unknown", reason: "checkpoint.extended: too little traffic" },
      next: "slipway watch prod --sign-off 'YOUR NAME' --local",
    });
  });

  it("survives what passes: a ledger that cannot be reached, a lease that somebody has", async () => {
    await goLive();
    const other = await ledgerOn(table).take({ ...holder, id: "other", command: "slipway deploy prod" });
    clock.advance(5 * MINUTE_MS);
    const gone = new ReleaseError({ kind: "unreachable", what: "No answer", why: "ECONNRESET", next: "" });
    const verdicts = { immediate: ["pass"] as Verdict[], short: [gone, gone, gone, "pass"] as Verdict[] };

    const { end, judged, lines } = await watch({ verdicts });

    expect(end.state).toBe("passed");
    expect(judged).toHaveLength(3);
    expect(lines.join("\n")).toMatch(/it is tried again/);
    await other.release();
  });

  it("waits while a later release is on its way, and leaves a superseded one alone", async () => {
    await goLive("r1");
    clock.advance(10 * MINUTE_MS);
    const plan: ReleasePlan = {
      ...{ version: 1, environment: "prod", release: "r2", previous: "r1", steps },
      source: { commit: null, tree: null, dirty: false },
    };
    await ledger.append({ by: { name: "Joe" }, release: "r2", body: { type: "release.started", plan, authors: [] } });

    const { end, judged } = await watch({ once: true });

    expect(judged).toEqual([]);
    expect(end).toMatchObject({ state: "busy", reason: "r2 is running, so no checkpoint of r1 is judged" });
  });
});

describe("watchRelease, once", () => {
  it.each<[string, number, Watch["verdicts"], WatchEnd["state"], RegExp]>([
    ["nothing is due", 4, {}, "not-due", /its next checkpoint \(immediate\) is due at/],
    ["it passes", 5, {}, "passed", /^r1: checkpoint immediate: pass$/],
    ["people have to decide", 5, { immediate: ["fail"] }, "failed", /^r1: checkpoint immediate: fail$/],
    ["nobody knows", 5, { immediate: ["unknown"] }, "unknown", /^r1: checkpoint immediate: unknown$/],
    ["it is put back", 5, { immediate: ["put-back"] }, "put-back", /too many errors/],
  ])("comes back when %s", async (_, minutes, verdicts, state, reason) => {
    await goLive();
    clock.advance(minutes * MINUTE_MS);

    expect((await watch({ once: true, verdicts })).end).toMatchObject({ state, reason: expect.stringMatching(reason) });
  });

  it("has nothing to do where nothing is live", async () => {
    expect((await watch({ once: true })).end).toMatchObject({ state: "nothing", reason: "no release is live" });
  });

  it("does not judge again what nobody could judge a moment ago, unless somebody has said something", async () => {
    await goLive();
    clock.advance(24 * 60 * MINUTE_MS);
    const verdicts: Watch["verdicts"] = { extended: ["unknown"] };
    await watch({ once: true, verdicts });
    clock.advance(5 * MINUTE_MS);

    const again = await watch({ once: true, verdicts });
    expect(again).toMatchObject({ judged: [], end: { state: "unknown" } });

    const signOff = { by: "Jane", feedback: "positive", at: new Date(clock.now()).toISOString() } as const;
    await ledger.append({ by: { name: "Jane" }, release: "r1", body: { type: "sign-off.given", signOff } });
    const signed = await watch({ once: true });
    expect(signed).toMatchObject({ judged: ["extended at +1445m: pass"], end: { state: "passed" } });
  });

  it("throws what went wrong while it judged", async () => {
    await goLive();
    clock.advance(5 * MINUTE_MS);
    const denied = new ReleaseError({ kind: "denied", what: "not allowed", why: "AccessDenied", next: "" });

    await expect(watch({ once: true, verdicts: { immediate: [denied] } })).rejects.toMatchObject({ kind: "denied" });
    expect((await ledger.head())?.lease).toBeNull();
  });

  /** A later release has taken the traffic and was put back: the one before it is live again. */
  async function overtake(): Promise<void> {
    await goLive("r2", "r1");
    const restore = { step: "traffic.restore", kind: "traffic.restore" } as const;
    const bodies: LedgerBody[] = [
      { type: "release.putting-back", reason: "Joe: errors" },
      { type: "step.started", ...restore, attempt: 1 },
      {
        ...{ type: "step.finished", ...restore, outcome: "done", summary: "back", durationMs: 5 },
        result: { percent: 100, functions: [moved] },
      },
      { type: "release.ended", outcome: "put-back", reason: "errors", functions: [] },
    ];
    for (const body of bodies) {
      await ledger.append({ by: { name: "Joe" }, release: "r2", body });
    }
  }

  it.each([true, false])(
    "has nothing left to judge where a later release had the traffic meanwhile, which is no pass (once: %s)",
    async (once) => {
      await goLive();
      await overtake();
      clock.advance(6 * MINUTE_MS);

      const { end, judged } = await watch({ once });

      expect(end).toMatchObject({
        state: "nothing",
        reason:
          "r1 is live, and there is nothing left to judge: its checkpoints immediate, short, extended are not judged any more, because r2 had some of the traffic meanwhile, and went back",
        next: "slipway validate prod --window short --local",
      });
      expect(judged).toEqual([]);
    },
  );

  it("does not call passed what nobody could judge before that", async () => {
    await goLive();
    clock.advance(25 * 60 * MINUTE_MS);
    await watch({ once: true, verdicts: { extended: ["unknown"] } });
    await overtake();

    expect((await watch({ once: true })).end).toMatchObject({
      ...{ state: "nothing", reason: expect.stringContaining("its checkpoints extended are not judged") },
    });
  });
});
