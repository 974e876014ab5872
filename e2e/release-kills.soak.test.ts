// SIGKILL before and after each write to the ledger, at each of Terraform's changes, and at random moments; then resume or rollback.
//
// How long it takes is the length of a release times two for each kill, and most of a release is Terraform and the canary's own requests:
// 200 seconds on two cores that a dozen other jobs share. There is no time for all of it on such a machine: SLIPWAY_KILLS=10 makes ten
// random kills, -t "Terraform changes" one of the tests, and SLIPWAY_SEED chooses other moments.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Lab } from "./release/lab.ts";
import { quickSettings } from "./release/settle.ts";
import { type Kill, recordRelease, surviveKill, type UndisturbedRelease } from "./release/survive-kills.ts";

/** Another seed gives other moments; the one of a failure is in its message. */
const SEED = process.env.SLIPWAY_SEED ?? "a slipway";
const RANDOM_KILLS = Number(process.env.SLIPWAY_KILLS ?? 200);

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

describe("a release that is killed", () => {
  let lab: Lab;
  let undisturbed: UndisturbedRelease;

  beforeAll(async () => {
    lab = await Lab.open(quickSettings);
    undisturbed = await recordRelease(lab);
    console.log(
      `undisturbed: ${undisturbed.ledgerWrites} writes, ${undisturbed.terraformCalls} changes by Terraform, ${undisturbed.calls.length} calls, ${undisturbed.durationMs} ms`,
    );
  }, 30 * 60_000);

  afterAll(async () => {
    await lab?.close();
  });

  test("at each of its writes to the ledger converges", async () => {
    const failures: string[] = [];
    let killed = 0;
    for (let ledgerWrite = 1; ledgerWrite <= undisturbed.ledgerWrites; ledgerWrite += 1) {
      for (const when of ["before", "after"] as const) {
        const way = (ledgerWrite + (when === "before" ? 0 : 1)) % 2 === 0 ? "resume" : "rollback";
        const kind = chance("kind", ledgerWrite, when) < 0.5 ? "alone" : "with-children";
        killed += await attempt({ at: { ledgerWrite, when }, kind, way }, failures);
      }
    }
    expect(failures).toEqual([]);
    // Signs of life come when they come: the last writes of one run may not be there in another.
    expect(killed).toBeGreaterThan(undisturbed.ledgerWrites * 1.8);
  });

  test("at each call with which Terraform changes something converges", async () => {
    const failures: string[] = [];
    for (let terraformCall = 1; terraformCall <= undisturbed.terraformCalls; terraformCall += 1) {
      for (const way of ["rollback", "resume"] as const) {
        const when = (terraformCall + (way === "rollback" ? 0 : 1)) % 2 === 0 ? "before" : "after";
        const kind = way === "rollback" ? "with-children" : "alone";
        await attempt({ at: { terraformCall, when }, kind, way }, failures);
      }
    }
    expect(failures).toEqual([]);
  });

  test(`at ${RANDOM_KILLS} random moments converges`, async () => {
    const failures: string[] = [];
    let killed = 0;
    for (let index = 0; index < RANDOM_KILLS; index += 1) {
      const milliseconds = Math.floor(chance("moment", index) * undisturbed.durationMs);
      const kind = chance("kind", index) < 0.5 ? "alone" : "with-children";
      const way = chance("way", index) < 0.5 ? "resume" : "rollback";
      const again = chance("again", index) < 0.3 ? chance("again at", index) * undisturbed.durationMs : undefined;
      killed += await attempt({ at: { milliseconds }, kind, way, ...(again === undefined ? {} : { again }) }, failures);
    }
    expect(failures).toEqual([]);
    expect(killed).toBeGreaterThan(RANDOM_KILLS * 0.8);
  });

  /** @returns 1 where it was killed */
  async function attempt(kill: Kill, failures: string[]): Promise<number> {
    const startedAt = Date.now();
    try {
      const wasKilled = await surviveKill(lab, kill);
      console.log(`${wasKilled ? "survived" : "not killed"} ${JSON.stringify(kill)} (${Date.now() - startedAt} ms)`);
      return wasKilled ? 1 : 0;
    } catch (error) {
      const message = `${JSON.stringify(kill)}: ${error instanceof Error ? error.message : String(error)}`;
      console.log(`FAILED ${message}`);
      failures.push(message);
      return 1;
    }
  }
});
