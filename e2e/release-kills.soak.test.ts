// SIGKILL before and after each entry that goes into the ledger, at each of Terraform's changes, and at random moments; then resume or
// rollback. About an hour and a half on two cores that do nothing else. SLIPWAY_KILLS=10 makes ten random kills, -t "Terraform changes" one
// of the tests, SLIPWAY_SEED other moments, SLIPWAY_LABS=1 one after the other.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Labs } from "./release/labs.ts";
import { quickSettings, type SecondChange } from "./release/settle.ts";
import { type Kill, recordRelease, surviveKill, type UndisturbedRelease } from "./release/survive-kills.ts";

/** Another seed gives other moments. */
const SEED = process.env.SLIPWAY_SEED ?? "a slipway";
const RANDOM_KILLS = Number(process.env.SLIPWAY_KILLS ?? 200);
const KILLS = ["before", "after"] as const;

/** 0 to 1, the same for the same words. */
function chance(...words: readonly (string | number)[]): number {
  return (
    createHash("sha256")
      .update(`${SEED} ${words.join(" ")}`)
      .digest()
      .readUInt32BE() /
    2 ** 32
  );
}

const kindOf = (...words: readonly (string | number)[]) => (chance("kind", ...words) < 0.5 ? "alone" : "with-children");
/** Most change what is done at once: there are more interesting moments than those in which the provider waits. */
const changeOf = (...words: readonly (string | number)[]): SecondChange =>
  chance("change", ...words) < 0.75 ? "logs" : "functions";

describe("a release that is killed", () => {
  let labs: Labs;
  const undisturbed: Partial<Record<SecondChange, UndisturbedRelease>> = {};

  beforeAll(async () => {
    labs = await Labs.open(quickSettings);
    for (const change of ["logs", "functions"] as const) {
      const seen = await recordRelease(labs.first, change);
      undisturbed[change] = seen;
      console.log(
        `undisturbed (${change}): ${seen.entries} entries, ${seen.terraformCalls} changes by Terraform, ${seen.calls.length} calls, ${seen.durationMs} ms`,
      );
    }
  }, 30 * 60_000);

  afterAll(async () => {
    await labs?.close();
  });

  async function killAll(kills: readonly Kill[]): Promise<{ killed: number; failures: readonly string[] }> {
    const { results, failures } = await labs.attemptAll(kills, surviveKill);
    const killed = results.filter((wasKilled) => wasKilled).length;
    console.log(`${killed} killed of ${kills.length}, ${failures.length} did not converge`);
    return { killed, failures };
  }

  test("at each of the ledger's entries converges", async () => {
    const entries = undisturbed.logs?.entries ?? 0;
    const kills = Array.from({ length: entries }, (_, index) => index + 1).flatMap((entry) =>
      KILLS.map((when): Kill => {
        const way = (entry + (when === "before" ? 0 : 1)) % 2 === 0 ? "resume" : "rollback";
        return { at: { entry, when }, change: changeOf(entry, when), kind: kindOf(entry, when), way };
      }),
    );
    const { killed, failures } = await killAll(kills);
    expect(failures).toEqual([]);
    // After the last one it may have ended before it could be killed.
    expect(killed).toBeGreaterThanOrEqual(kills.length - 1);
  });

  test("at each call with which Terraform changes something converges", async () => {
    const { terraformCalls = 0 } = undisturbed.functions ?? {};
    const kills = Array.from({ length: terraformCalls }, (_, index) => index + 1).flatMap((terraformCall) =>
      (["rollback", "resume"] as const).map((way): Kill => {
        const when = (terraformCall + (way === "rollback" ? 0 : 1)) % 2 === 0 ? "before" : "after";
        const kind = way === "rollback" ? "with-children" : "alone";
        return { at: { terraformCall, when }, change: "functions", kind, way };
      }),
    );
    const { killed, failures } = await killAll(kills);
    expect(failures).toEqual([]);
    expect(killed).toBe(kills.length);
  });

  test(`at ${RANDOM_KILLS} random moments converges`, async () => {
    const kills = Array.from({ length: RANDOM_KILLS }, (_, index): Kill => {
      const change = changeOf(index);
      const durationMs = undisturbed[change]?.durationMs ?? 0;
      const milliseconds = Math.floor(chance("moment", index) * durationMs);
      const way = chance("way", index) < 0.5 ? "resume" : "rollback";
      const again = chance("again", index) < 0.2 ? { again: Math.floor(chance("again at", index) * durationMs) } : {};
      return { at: { milliseconds }, change, kind: kindOf(index), way, ...again };
    });
    const { killed, failures } = await killAll(kills);
    expect(failures).toEqual([]);
    expect(killed).toBeGreaterThan(RANDOM_KILLS * 0.8);
  });
});
