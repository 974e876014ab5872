import { expect } from "vitest";
import { expectConsistent } from "./expect-consistent.ts";
import type { Lab } from "./lab.ts";
import type { RecordedCall } from "./recorded-call.ts";
import type { ReleaseProcess } from "./release-process.ts";
import { commitSecond, expectClearError, expectServedBy } from "./settle.ts";

export const FAILURES = ["throttle", "error", "reset", "lost-answer"] as const;
export type CallFailure = (typeof FAILURES)[number];

/** Calls of one release that fail, one after the other, each once: what is asked again is answered. */
export interface FailingCalls {
  readonly failure: CallFailure;
  /** `name #occurrence`. */
  readonly calls: readonly string[];
}

/** What happens to the call: nothing, where it is undefined. Asked about every call to AWS, once, over all commands. */
type Strike = (call: { readonly name: string; readonly key: string }) => CallFailure | "kill" | undefined;

/** What has to come to its end, whatever fails on the way. */
interface Errand {
  /** The newest release before it. */
  readonly after: string;
  /** Commits whose code answers before it, and after. */
  readonly served: { readonly before: string; readonly after: string };
  readonly begin: (lab: Lab) => ReleaseProcess;
  /** What is typed where it was broken off. */
  readonly goOn: (lab: Lab) => ReleaseProcess;
}

const deployment: Errand = {
  after: "r1",
  served: { before: "one", after: "two" },
  begin: (lab) => lab.deploy(),
  goOn: (lab) => lab.resume(),
};

/** From r3 to r1; whoever types it again goes on with it. */
const rollback: Errand = {
  after: "r3",
  served: { before: "three", after: "one" },
  begin: (lab) => lab.start(["rollback", "live", "--to", "r1"]),
  goOn: (lab) => lab.start(["rollback", "live", "--to", "r1"]),
};

/** How a release got along. */
export interface GotAlong {
  /** Those of the calls that failed; others did not come that often this time. */
  readonly struck: readonly string[];
  /** How often it stopped, said why, and was resumed; and how often it was put back, and released again. */
  readonly resumed: number;
  readonly putBack: number;
}

const keyOf = ({ name, occurrence }: Pick<RecordedCall, "name" | "occurrence">) => `${name} #${occurrence}`;

/**
 * Shares all calls of a release out over several, so that between two that fail in one of them there are `apart` that do not: each of them
 * fails by itself. Requests to the API and to the control interface are no calls to AWS.
 */
export function failingCalls(calls: readonly RecordedCall[], apart: number): readonly FailingCalls[] {
  const keys = calls.filter(({ protocol }) => protocol !== "none").map(keyOf);
  return Array.from({ length: apart }, (_, offset) => keys.filter((_, index) => index % apart === offset)).flatMap(
    (some) => FAILURES.map((failure) => ({ failure, calls: some })),
  );
}

/** More than any release may need: each resume may be stopped by one of the calls that are left. */
const MOST_COMMANDS = 30;

/**
 * Makes the second release while calls of it fail: it completes, or stops with a clear error and is completed by `slipway resume`. Where it
 * was judged by what has failed, and put back, nothing is left half done, and it can be released again.
 */
export async function getAlong(lab: Lab, { failure, calls }: FailingCalls): Promise<GotAlong> {
  await lab.backTo("one");
  commitSecond(lab, "logs");
  const left = new Set(calls);
  return await goOnThrough(lab, deployment, ({ key }) => (left.delete(key) ? failure : undefined));
}

/** Rolls back from the third release to the first, the same way; the moment `three` is the one before. */
export async function getBack(lab: Lab, { failure, calls }: FailingCalls): Promise<GotAlong> {
  await lab.backTo("three");
  const left = new Set(calls);
  return await goOnThrough(lab, rollback, ({ key }) => (left.delete(key) ? failure : undefined));
}

/** The same, with every so many calls failing, each time in the next way. */
export async function getBackEvery(lab: Lab, apart: number): Promise<GotAlong> {
  await lab.backTo("three");
  let count = 0;
  return await goOnThrough(lab, rollback, () => {
    count += 1;
    return count % apart === 0 ? FAILURES[(count / apart - 1) % FAILURES.length] : undefined;
  });
}

/**
 * The same for a release that nobody has recorded: every so many calls one fails, each time in the next way.
 *
 * @param killAfter a call after the first of which the process is killed
 */
export async function getAlongEvery(lab: Lab, apart: number, killAfter: string): Promise<GotAlong> {
  let count = 0;
  return await goOnThrough(lab, deployment, ({ key }) => {
    count += 1;
    if (key === `${killAfter} #1`) {
      return "kill";
    }
    return count % apart === 0 ? FAILURES[(count / apart - 1) % FAILURES.length] : undefined;
  });
}

async function goOnThrough(lab: Lab, errand: Errand, strike: Strike): Promise<GotAlong> {
  const { after, served, begin, goOn } = errand;
  const struck: string[] = [];
  // Counted over all commands: a call that the first one has made is not made a second time for the next one.
  const seen = new Map<string, number>();
  let running: ReleaseProcess | undefined;
  lab.proxy.begin(({ name, protocol }) => {
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    const key = keyOf({ name, occurrence });
    const failure = protocol === "none" ? undefined : strike({ name, key });
    if (failure !== undefined) {
      struck.push(`${failure} of ${key}`);
    }
    return failure === "kill" ? { when: "after", run: () => running?.kill("alone") } : failure;
  });
  let resumed = 0;
  let putBack = 0;
  let isToResume = false;
  for (let command = 1; command <= MOST_COMMANDS; command += 1) {
    const before = struck.length;
    running = isToResume ? goOn(lab) : begin(lab);
    const ran = await running.ended;
    const said = `${struck.slice(before).join(", ") || "nothing struck"}:\n${ran.stdout}\n${ran.stderr}`;
    const last = await lastOf(lab);
    if (ran.code === 0 && last?.release !== after && last?.outcome === "live") {
      lab.proxy.begin();
      expect(await expectConsistent(lab), said).toMatchObject({ outcome: "live" });
      await expectServedBy(lab, served.after);
      return { struck, resumed, putBack };
    }
    expect(struck.length, `it stopped although nothing had failed: ${said}`).toBeGreaterThan(before);
    expect(ran.code, said).not.toBe(0);
    // Who is killed says nothing.
    if (ran.code !== null) {
      expectClearError(ran);
    }
    // Before the release was begun there is nothing to resume.
    isToResume = last !== undefined && last.release !== after && last.outcome === undefined;
    if (isToResume) {
      resumed += 1;
    } else if (last?.outcome === "put-back" || last?.outcome === "failed") {
      putBack += 1;
      await expectServedBy(lab, served.before);
    }
  }
  throw new Error(`${MOST_COMMANDS} commands were not enough after ${struck.join(", ")}`);
}

/** The release that was begun last, and how it has ended. */
async function lastOf(lab: Lab): Promise<{ release: string; outcome?: string } | undefined> {
  const { entries } = await lab.ledger();
  const release = entries.findLast(({ body }) => body.type === "release.started")?.release;
  const ended = entries.findLast(({ release: of, body }) => of === release && body.type === "release.ended")?.body;
  return typeof release === "string"
    ? { release, ...(ended?.type === "release.ended" ? { outcome: ended.outcome } : {}) }
    : undefined;
}
