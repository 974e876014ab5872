import { afterEach, beforeEach, expect, test } from "vitest";
import { VirtualClock } from "../../../core/clock.ts";
import { compileFilterPattern } from "../filter-pattern/compile-filter-pattern.ts";
import { LiveTailSession } from "./live-tail-session.ts";

let clock: VirtualClock;
let session: LiveTailSession;
let ends = 0;

beforeEach(() => {
  ends = 0;
  clock = new VirtualClock({ read: () => 0, write: () => {} }, () => 0);
  const scope = {
    groups: new Map([["/g", "arn:g"]]),
    logStreamNames: undefined,
    logStreamNamePrefixes: undefined,
    pattern: compileFilterPattern(""),
    patternText: undefined,
    requestId: "r",
    sessionId: "s",
  };
  session = new LiveTailSession(clock, scope, () => {
    ends++;
  });
});

afterEach(() => clock.close());

test("a reader that comes late has lost all updates but the last ten, and then reads on", async () => {
  for (let second = 1; second <= 25; second++) {
    session.offer("/g", "s", [{ timestamp: 0, message: String(second) }], 0);
    await clock.advance(1000);
  }
  const events = session.events()[Symbol.asyncIterator]();
  expect((await events.next()).value?.sessionStart).toBeDefined();
  const seen: (string | undefined)[] = [];
  for (let count = 0; count < 10; count++) {
    const { value } = await events.next();
    seen.push(value?.sessionUpdate?.sessionResults?.[0]?.message);
  }
  expect(seen).toEqual(["16", "17", "18", "19", "20", "21", "22", "23", "24", "25"]);
  const next = events.next();
  await clock.advance(1000);
  expect((await next).value?.sessionUpdate).toEqual({ sessionMetadata: { sampled: false }, sessionResults: [] });
});

test("a reader that goes ends it, once, and the clock has nothing more to do for it", async () => {
  const events = session.events()[Symbol.asyncIterator]();
  await events.return?.();
  await clock.advance(24 * 3_600_000);
  expect((await events.next()).done).toBe(false);
  expect(await events.next()).toEqual({ done: true, value: undefined });
  expect(ends).toBe(1);
});
