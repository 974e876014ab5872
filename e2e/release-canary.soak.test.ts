import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badReleases, expectPutBack } from "./release/bad-release.ts";
import { expectConsistent } from "./release/expect-consistent.ts";
import { Lab } from "./release/lab.ts";
import { liveTraffic } from "./release/live-traffic.ts";
import { commitSecond, expectServedBy } from "./release/settle.ts";

/** With this call all functions have a part of the traffic; that they have is not written down yet. */
const MOVED = "lambda:PUT /functions/shop-stock/aliases/live";
/** Long enough that five times as much is more than what a busy machine adds to every answer. */
const USUAL_MS = 80;

describe("a canary under live traffic", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.open({}, USUAL_MS);
  });

  afterAll(async () => {
    await lab?.close();
  });

  test("shifts 10,000 requests to a good release, and none fails", async () => {
    await lab.backTo("one");
    commitSecond(lab, "functions", {});
    const traffic = liveTraffic(await lab.apiUrl(), { clients: 8, pauseMs: 0 });
    const ran = await lab.deploy().ended;
    expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
    await traffic.atLeast(10_000);
    const { requests, failures, byRelease } = await traffic.stop();
    const { entries } = await lab.ledger();
    const judged = entries.flatMap(({ release, body }) =>
      release === "r2" && body.type === "step.finished" && body.kind === "traffic.judge"
        ? [`${body.step}: ${body.summary}`]
        : [],
    );
    console.log(
      [`${failures.length} of ${requests} requests failed, ${JSON.stringify(byRelease)}`, ...judged].join("\n"),
    );
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThanOrEqual(10_000);
    expect(byRelease).toMatchObject({ one: expect.any(Number), two: expect.any(Number) });
    expect(await expectConsistent(lab)).toMatchObject({ release: "r2", outcome: "live" });
    await expectServedBy(lab, "two");
  });

  test("passes all of its checkpoints on the clock that is moved forward, also those that are left to a watch", async () => {
    await lab.backTo("one");
    const startedAt = Date.now();
    const watched = await lab.run("watch", "live", "--fast-forward", "--verbose");
    expect(watched.code, `${watched.stdout}\n${watched.stderr}`).toBe(0);
    const watchedAt = Date.now();
    lab.commit({ name: "two" });
    const waited = await lab.run("deploy", "live", "--fast-forward", "--wait", "all", "--verbose");
    expect(waited.code, `${waited.stdout}\n${waited.stderr}`).toBe(0);
    console.log(`watch: ${watchedAt - startedAt} ms; deploy --wait all: ${Date.now() - watchedAt} ms`);
    const { entries } = await lab.ledger();
    const judged = (of: string) =>
      entries.flatMap(({ release, body }) =>
        release === of && body.type === "checkpoint.judged" ? [`${body.window} ${body.verdict}`] : [],
      );
    for (const release of ["r1", "r2"]) {
      expect(judged(release)).toEqual(["immediate pass", "short pass", "extended pass"]);
    }
    await expectServedBy(lab, "two");
  });

  test.each(badReleases)("puts back one of which holds: $what", async (bad) => {
    await expectPutBack(lab, bad);
  });

  test("puts back one whose answers are errors also by who goes on with it after a kill", async () => {
    await expectPutBack(lab, badReleases[0] as (typeof badReleases)[number], MOVED);
  });
});
