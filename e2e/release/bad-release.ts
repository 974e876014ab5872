import { type Verdict, verdictSchema } from "@slipway/contracts";
import { expect } from "vitest";
import { expectConsistent } from "./expect-consistent.ts";
import type { Lab } from "./lab.ts";
import type { LabSettings } from "./lab-configuration.ts";
import type { PlantedFault } from "./lab-repository.ts";
import { liveTraffic, type TrafficReport } from "./live-traffic.ts";
import { expectServedBy } from "./settle.ts";

/** A release that has to be put back, and how that shows. */
export interface BadRelease {
  readonly what: string;
  readonly fault?: PlantedFault;
  readonly settings?: LabSettings;
  /** The kind of step that has to find out: no later one. */
  readonly foundBy: readonly string[];
  /** What the step's summary has to say: what was seen of the new version and of the old one, and the limit. */
  readonly says: RegExp;
}

/** `12 of 203 calls (5.9 %) failed on version 4 of orders against 0 of 211 (0 %) on version 2; chance alone does this ... (limit ...)`. */
const compared = (judgement: string, what: string) =>
  new RegExp(`${judgement}: \\d+ of [\\d,]+ .*${what}.* against \\d+ of [\\d,]+ .*\\(limit [\\d.]+ %\\)`);

/** A table that the functions have no rights on; versions carry their variables with them, so those before it go on. */
const ELSEWHERE = { orders_table: "shop-elsewhere" };

export const badReleases: readonly BadRelease[] = [
  {
    what: "10 % of its answers are 500",
    fault: "errors",
    foundBy: ["traffic.judge"],
    // Where users bring too little in the time, what the canary asks itself finds it first.
    says: compared("(Faults|Answers)", "(failed|were not answered as they must be)"),
  },
  {
    what: "its p99 is five times slower",
    fault: "slow",
    foundBy: ["traffic.judge"],
    says: compared("Latency", "took longer than [\\d,.]+ ms"),
  },
  {
    ...{ what: "a tenth of its answers is five times slower", fault: "slow-tail", foundBy: ["traffic.judge"] },
    says: compared("Latency", "took longer than [\\d,.]+ ms"),
  },
  // Whatever its proof asks, it cannot answer: no user ever meets it.
  {
    what: "its init crashes",
    fault: "init",
    settings: { smoke: "blind" },
    foundBy: ["code.prove"],
    says: /cannot begin/,
  },
  {
    ...{ what: "it has no rights on its table", settings: { variables: ELSEWHERE } },
    ...{ foundBy: ["code.prove"], says: /version \d+ of \S+ does not answer as it must: "it looks into its table"/ },
  },
  {
    ...{ what: "it has no rights on its table, and the smoke test does not ask" },
    ...{
      settings: { variables: ELSEWHERE, smoke: "blind" },
      foundBy: ["traffic.judge"],
      says: compared("(Faults|Errors|Logs)", "(failed|logged an error)"),
    },
  },
  {
    what: "it logs a storm of errors",
    fault: "storm",
    foundBy: ["traffic.judge"],
    says: compared("Logs", "logged an error"),
  },
];

/**
 * Releases it under live traffic, and checks that it is found out and put back, and that the numbers are in the ledger.
 *
 * @param users as many as usual, unless given
 * @param killedAfter a call (`lambda:PUT /functions/shop-stock/aliases/live`) after the first of which its process is killed, to be resumed
 */
export async function expectPutBack(
  lab: Lab,
  { what, fault, settings, foundBy, says }: BadRelease,
  killedAfter?: string,
  users: Parameters<typeof liveTraffic>[1] = {},
): Promise<void> {
  await lab.backTo("one");
  lab.commit({ name: "bad", ...(fault && { fault }), ...(settings && { settings }) });
  const traffic = liveTraffic(await lab.apiUrl(), users);
  let ran: Awaited<ReturnType<typeof lab.run>>;
  let report: TrafficReport | undefined;
  const startedAt = Date.now();
  try {
    await traffic.atLeast(200);
    lab.proxy.begin(({ name, occurrence }) =>
      name === killedAfter && occurrence === 1 ? { when: "after", run: () => release.kill("alone") } : undefined,
    );
    const release = lab.deploy();
    ran = await release.ended;
    if (killedAfter !== undefined) {
      expect(ran.code, "it was killed").toBeNull();
      lab.proxy.begin();
      ran = await lab.resume().ended;
    }
  } finally {
    report = await traffic.stop();
  }
  expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(1);
  const settled = await expectConsistent(lab);
  expect(["put-back", "failed"]).toContain(settled.outcome);
  await expectServedBy(lab, "one");

  const { entries } = await lab.ledger();
  const failed = entries.flatMap(({ release, body }) =>
    release === "r2" && body.type === "step.finished" && body.outcome === "failed" ? [body] : [],
  );
  const { requests, failures, byRelease } = report;
  const looks = entries.filter(({ release, body }) => release === "r2" && body.type === "verdict").length;
  console.log(
    `${what}: ${settled.outcome} after ${Math.round((Date.now() - startedAt) / 1000)} s by ${failed[0]?.step}, look ${looks}; ` +
      `${failures.length} of ${requests} requests failed (${JSON.stringify(byRelease)}); ${failed[0]?.summary}`,
  );
  expect(failed, "one step has found out").toHaveLength(1);
  expect(foundBy).toContain(failed[0]?.kind);
  expect(failed[0]?.summary).toMatch(says);
  if (failed[0]?.kind === "traffic.judge") {
    expect(settled.outcome).toBe("put-back");
    const verdicts: Verdict[] = entries.flatMap(({ release, body }) =>
      release === "r2" && body.type === "verdict" ? [verdictSchema.parse(body.verdict)] : [],
    );
    const last = verdicts.at(-1);
    expect(last?.status).toBe("failed");
    // In numbers, too: something is as improbable as its limit demands.
    const numbers = last?.numbers ?? {};
    const decided = Object.entries(numbers).filter(
      ([name, value]) => /[pP]robability$/.test(name) && value <= (numbers[`${name}Limit`] ?? -1),
    );
    expect(decided, JSON.stringify(numbers)).not.toEqual([]);
  }
}
