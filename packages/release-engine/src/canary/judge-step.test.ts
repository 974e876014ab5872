import type { LedgerBodyOf } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { failure } from "../test/fake-lambda.ts";
import { CanaryRelease } from "./test/canary-release.ts";
import { type Behaviour, CanaryWorld, FRESH, OLD, type WorldOptions } from "./test/canary-world.ts";

/** A service with errors of its own, as every one has. */
const USUAL: Behaviour = { fails: 0.001, faults: 0.003, logs: 0.005 };
const bad: Readonly<Record<string, Behaviour>> = {
  "one in ten of its answers is a 500": { ...USUAL, faults: 0.1 },
  "it is five times slower": { ...USUAL, slower: 5 },
  "one in ten of its calls takes five times as long": { ...USUAL, slower: 5, slowShare: 0.1 },
  "it does not start": { fails: 1 },
  "it may not use its table": { ...USUAL, faults: 1, logs: 1 },
  "it logs an error storm": { ...USUAL, logs: 0.5 },
};

async function world(options: Partial<WorldOptions>): Promise<CanaryWorld> {
  const made = new CanaryWorld({ seed: 1, requestsPerMinute: 600, old: USUAL, fresh: USUAL, ...options });
  // Users were there before.
  await made.sleep(20 * 60_000);
  return made;
}

const verdictsOf = ({ bench }: CanaryRelease) =>
  bench.written.filter((body): body is LedgerBodyOf<"verdict"> => body.type === "verdict");

describe("a canary", () => {
  it("gives all of the traffic to a version that is no worse", async () => {
    const release = new CanaryRelease(await world({ delayMs: 90_000 }));
    const { outcome } = await release.run();
    expect(outcome).toBe("promoted");
    expect(release.world.alias).toMatchObject({ version: FRESH, weights: {} });
    expect(verdictsOf(release).map(({ step, look, verdict }) => `${step} ${look} ${verdict.status}`)).toEqual([
      ...[1, 2, 3, 4, 5].map((look) => expect.stringMatching(`^traffic.judge.10 ${look} (successful|inconclusive)$`)),
      ...[1, 2, 3, 4, 5].map((look) => expect.stringMatching(`^traffic.judge.50 ${look} (successful|inconclusive)$`)),
    ]);
  });

  it.each(Object.entries(bad))("puts a version back of which %s", async (_, fresh) => {
    const release = new CanaryRelease(await world({ fresh }));
    const { outcome, summary, percent } = await release.run();
    expect({ outcome, percent }).toEqual({ outcome: "failed", percent: 10 });
    const last = verdictsOf(release).at(-1);
    expect(last?.verdict.status).toBe("failed");
    expect(summary).toMatch(/version 8 .*version 7.*limit/);
    expect(Object.keys(last?.verdict.numbers ?? {})).toEqual(
      expect.arrayContaining(["errorsCandidateEvents", "errorsProbabilityLimit", "logsBaselineRate"]),
    );
    expect(await release.take("traffic.restore", "traffic.restore")).toMatchObject({ outcome: "done" });
    expect(release.world.alias).toMatchObject({ version: OLD, weights: {} });
  });
});

describe("a canary with too little traffic", () => {
  const QUIET = { requestsPerMinute: 30 };

  it("waits for people where it is told to, with its numbers and what to type", async () => {
    const release = new CanaryRelease(await world(QUIET), { whenInconclusive: "pause" });
    expect(await release.run()).toMatchObject({
      ...{ outcome: "paused", percent: 10 },
      summary: expect.stringMatching(/^not enough to judge by, and the new versions keep their 10 %: .*\d+ calls/),
    });
    expect(release.world.alias.weights).toEqual({ [FRESH]: 0.1 });
    expect(await release.take("traffic.judge.10", "traffic.judge")).toMatchObject({
      next: "slipway resume prod judges it again, with all that has come by then; slipway rollback prod puts it back",
    });
  });

  it("is judged by all that has come when it is resumed later", async () => {
    const release = new CanaryRelease(await world(QUIET), { whenInconclusive: "pause" });
    await release.run();
    await release.world.sleep(5 * 3_600_000);
    expect(await release.take("traffic.judge.10", "traffic.judge")).toMatchObject({
      ...{ outcome: "done", result: { looks: 1, verdict: { status: "successful" } } },
    });
  });

  it("asks both versions itself", async () => {
    const release = new CanaryRelease(await world({ ...QUIET, old: {}, fresh: {} }));
    expect(await release.run()).toMatchObject({ outcome: "promoted" });
    expect(verdictsOf(release).find(({ look }) => look === 6)?.verdict).toMatchObject({
      ...{ status: "successful", numbers: { askedAnswersCandidateTotal: 400, askedAnswersBaselineTotal: 400 } },
    });
  });

  it("asks less often where only coarser faults have to be found, and still finds those", async () => {
    const coarse = { mustFind: 0.3 };
    const good = new CanaryRelease(await world({ ...QUIET, old: {}, fresh: {} }), coarse);
    expect(await good.run()).toMatchObject({ outcome: "promoted" });
    expect(verdictsOf(good).findLast(({ verdict }) => "askedAnswersPower" in verdict.numbers)?.verdict).toMatchObject({
      ...{ status: "successful", numbers: { askedAnswersCandidateTotal: 80, askedAnswersRateToFind: 0.3 } },
    });
    const poor = new CanaryRelease(await world({ ...QUIET, old: {}, fresh: { faults: 0.3 } }), coarse);
    expect(await poor.run()).toMatchObject({ outcome: "failed", percent: 10 });
  });

  it("asks on where so many answers cannot tell, as on a machine that is slow now and then", async () => {
    const noisy = { slower: 20, slowShare: 0.01 };
    const asked = new Set<number>();
    for (const seed of [1, 2, 3, 4, 5]) {
      const release = new CanaryRelease(await world({ seed, requestsPerMinute: 5, old: noisy, fresh: noisy }));
      expect(await release.run()).toMatchObject({ outcome: "promoted" });
      for (const { verdict } of verdictsOf(release)) {
        asked.add(verdict.numbers.askedAnswersCandidateTotal ?? 0);
      }
    }
    expect([...asked].toSorted((left, right) => left - right)).toEqual([0, 400, 600]);
  });

  it("finds by asking on who is slow more often than the old version is", async () => {
    const slow = (slowShare: number) => ({ slower: 20, slowShare });
    const asked = new Set<number>();
    for (const seed of [3, 4, 5]) {
      const release = new CanaryRelease(
        await world({ seed, requestsPerMinute: 5, old: slow(0.01), fresh: slow(0.05) }),
      );
      expect(await release.run()).toMatchObject({ outcome: "failed", percent: 10 });
      const { verdict } = verdictsOf(release).findLast((each) => "askedAnswersPower" in each.verdict.numbers) ?? {};
      expect(verdict?.status).toBe("failed");
      asked.add(verdict?.numbers.askedAnswersCandidateTotal ?? 0);
    }
    expect([...asked].toSorted((left, right) => left - right)).toEqual([400, 600, 900]);
  });

  it("counts for no version what AWS itself did not answer", async () => {
    const release = new CanaryRelease(await world({ ...QUIET, old: {}, fresh: {} }));
    const invoke = release.world.invoke.bind(release.world);
    let asked = 0;
    release.world.invoke = async (call) => {
      asked += 1;
      if (call.version === FRESH && asked % 15 === 0) throw failure("failed");
      return invoke(call);
    };
    expect(await release.run()).toMatchObject({ outcome: "promoted" });
    const { verdict } = verdictsOf(release).findLast((each) => "askedAnswersPower" in each.verdict.numbers) ?? {};
    expect(verdict?.numbers).toMatchObject({ askedAnswersCandidateEvents: 0 });
    expect(verdict?.numbers.askedAnswersCandidateTotal).toBeGreaterThanOrEqual(400);
  });

  it("judges nobody where nobody may ask, or AWS answers none", async () => {
    for (const [kind, outcome] of [
      ["denied", undefined],
      ["failed", "paused"],
    ] as const) {
      const release = new CanaryRelease(await world({ ...QUIET, old: {}, fresh: {} }));
      release.world.invoke = async () => {
        throw failure(kind);
      };
      const run = release.run();
      await (outcome === undefined
        ? expect(run).rejects.toMatchObject({ kind })
        : expect(run).resolves.toMatchObject({ outcome, percent: 10 }));
    }
  });

  it("finds a bad version by asking it", async () => {
    const release = new CanaryRelease(await world({ requestsPerMinute: 5, old: {}, fresh: { faults: 0.1 } }));
    expect(await release.run()).toMatchObject({
      ...{ outcome: "failed", percent: 10 },
      summary: expect.stringMatching(
        /^AskedAnswers: .* on version 8 of orders against 0 of .* The last of them: order \d: /,
      ),
    });
  });

  it("does not ask a version that does not start more often than it has to", async () => {
    const release = new CanaryRelease(await world({ requestsPerMinute: 5, fresh: { fails: 1 } }));
    expect(await release.run()).toMatchObject({ outcome: "failed", percent: 10 });
    expect(verdictsOf(release).at(-1)?.verdict.numbers.askedAnswersCandidateTotal).toBe(40);
  });
});

describe("a canary that cannot be measured", () => {
  it("goes on looking where metrics could not be read for a while", async () => {
    const release = new CanaryRelease(await world({}));
    release.world.blind = true;
    const sleep = release.world.sleep.bind(release.world);
    let slept = 0;
    release.world.sleep = async (milliseconds) => {
      slept += 1;
      release.world.blind = slept <= 3;
      await sleep(milliseconds);
    };
    expect(await release.run()).toMatchObject({ outcome: "promoted" });
    expect(verdictsOf(release)[0]?.verdict).toMatchObject({
      status: "error",
      reason: expect.stringContaining("throttled"),
    });
  });

  it("is put back where they could not be read at all", async () => {
    const release = new CanaryRelease(await world({}));
    release.world.blind = true;
    expect(await release.run()).toMatchObject({
      ...{ outcome: "failed", percent: 10 },
      summary: expect.stringMatching(/^it could not be measured: .*throttled/),
    });
    expect(verdictsOf(release)).toHaveLength(9);
  });

  it("is put back where the new version does not count what the old one does", async () => {
    const release = new CanaryRelease(await world({ fresh: { ...USUAL, isSilent: true } }));
    expect(await release.run()).toMatchObject({
      ...{ outcome: "failed", percent: 10 },
      summary: expect.stringMatching(/^it could not be measured: .*version 8 of orders had \d+ calls, and no answers/i),
    });
  });

  it("takes metrics that are late for late, and not for health", async () => {
    const release = new CanaryRelease(await world({ fresh: { fails: 1 }, delayMs: 30 * 60_000 }), {
      whenInconclusive: "pause",
    });
    expect(await release.run()).toMatchObject({ outcome: "paused", percent: 10 });
  });

  it("does not promote a version that fails as badly as the old one", async () => {
    const release = new CanaryRelease(await world({ old: { faults: 0.9 }, fresh: { faults: 0.9 } }));
    expect(await release.run()).toMatchObject({
      outcome: "failed",
      summary: expect.stringContaining("version 7 is no better: put back or not, look at what both need"),
    });
  });
});

describe("a canary that is broken off", () => {
  it("comes to the same verdicts in a process that goes on with it", async () => {
    const options = { fresh: { ...USUAL, faults: 0.03 }, seed: 3 };
    const whole = new CanaryRelease(await world(options));
    const { outcome } = await whole.run();

    const broken = new CanaryRelease(await world(options));
    await broken.take("traffic.shift.10", "traffic.shift");
    const sleep = broken.world.sleep.bind(broken.world);
    let slept = 0;
    broken.world.sleep = async (milliseconds) => {
      slept += 1;
      if (slept === 3) throw new Error("SIGKILL");
      await sleep(milliseconds);
    };
    await expect(broken.take("traffic.judge.10", "traffic.judge")).rejects.toThrow("SIGKILL");
    const resumed = broken.goOn();
    const end = await resumed.take("traffic.judge.10", "traffic.judge");
    expect(end.outcome).toBe(outcome === "promoted" ? "done" : outcome);
    const lastOf = (release: CanaryRelease) =>
      verdictsOf(release)
        .filter(({ step }) => step === "traffic.judge.10")
        .at(-1)?.verdict;
    expect(lastOf(resumed)).toEqual(lastOf(whole));
  });

  it("keeps its share when it is interrupted, and says what to type", async () => {
    const release = new CanaryRelease(await world({}));
    await release.take("traffic.shift.10", "traffic.shift");
    const sleep = release.world.sleep.bind(release.world);
    release.world.sleep = async (milliseconds) => {
      await sleep(milliseconds / 2);
      release.bench.abort.abort();
    };
    await expect(release.take("traffic.judge.10", "traffic.judge")).rejects.toMatchObject({
      ...{ kind: "interrupted", what: "Stopped during traffic.judge.10; the traffic stays as it is" },
      next: expect.stringContaining("slipway resume prod"),
    });
    expect(release.world.alias.weights).toEqual({ [FRESH]: 0.1 });
  });
});
