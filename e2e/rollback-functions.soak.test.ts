import { afterAll, beforeAll, expect, test } from "vitest";
import { ManyFunctions } from "./release/many-functions.ts";
import { LocalAwsProcess } from "./support/local-aws-process.ts";

/** What is promised for fifty functions. */
const MOST_MS = 10_000;

let localAws: LocalAwsProcess;
let many: ManyFunctions;

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  many = new ManyFunctions(localAws, 50);
  await many.open();
  // Lambda's own quota for an account: all requests but those that invoke something.
  const limit = { kind: "throttle", service: "lambda", operation: "!Invoke*", perSecond: 15 };
  await localAws.control("POST", "faults", limit);
}, 30 * 60_000);

afterAll(async () => {
  many?.close();
  await localAws?.stop();
});

// The first by a release of its own, without a look before; then that one is put back, with a look before each move.
test.each([
  ["r1", "1", "live"],
  ["r3", "3", "put-back"],
] as const)(
  "fifty functions are all back at %s within ten seconds, under what AWS takes in a second",
  async (to, version, state) => {
    const { outcome, movedAfterMs } = await many.rollBack(to);
    console.log(`50 functions are back at ${to} after ${Math.round(movedAfterMs)} ms`);
    expect(outcome.state).toBe(state);
    expect(await many.versions()).toEqual([version]);
    expect(movedAfterMs).toBeLessThan(MOST_MS);
  },
);
