import type { Clock } from "../ports/clock.ts";
import type { DrilledCommand, DrilledRelease, DrillGround, DrillTraffic } from "../ports/drill-stage.ts";
import { demandAnswered } from "./demand-answered.ts";
import { DrillFailure } from "./drill-failure.ts";
import { durationWords } from "./duration-words.ts";

/** How traffic came back to a release. */
export interface MeasuredReturn {
  readonly ran: DrilledCommand;
  /** From the command's start until every function had all of its traffic on the release's version. */
  readonly backAfterMs: number | undefined;
  readonly traffic: DrillTraffic;
}

const LOOK_EVERY_MS = 50;

/**
 * Types a command under traffic, and looks all the while which versions have the traffic. What the command says of itself is not believed:
 * the aliases are looked at.
 */
export async function measureReturn(
  { ground, clock }: { readonly ground: DrillGround; readonly clock: Clock },
  words: readonly string[],
  { versions: expected }: DrilledRelease,
): Promise<MeasuredReturn> {
  const { value, traffic } = await ground.underTraffic(async () => {
    const ended = new AbortController();
    const startedAt = clock.now();
    const running = ground.slipway(words).finally(() => ended.abort());
    const looking = (async () => {
      for (;;) {
        // The last look is after the end: it may have come with the very last call.
        const isLast = ended.signal.aborted;
        if (isAt(await ground.versions(), expected)) {
          return clock.now() - startedAt;
        }
        if (isLast) {
          return undefined;
        }
        await clock.sleep(LOOK_EVERY_MS, ended.signal);
      }
    })();
    const [ran, looked] = await Promise.allSettled([running, looking]);
    if (ran.status === "rejected") {
      throw ran.reason;
    }
    if (looked.status === "rejected") {
      throw looked.reason;
    }
    return { ran: ran.value, backAfterMs: looked.value };
  });
  return { ...value, traffic };
}

/**
 * @returns how long it took, in words
 * @throws {DrillFailure} when the traffic is not where it has to be, or requests failed on the way
 */
export async function demandReturned(
  { ran, backAfterMs, traffic }: MeasuredReturn,
  ground: DrillGround,
  to: DrilledRelease,
): Promise<string> {
  const now = await ground.versions();
  if (backAfterMs === undefined || !isAt(now, to.versions)) {
    throw new DrillFailure(
      `${ran.command} ended with ${ran.code}, but the traffic is on ${versionWords(now)}, and not on ${versionWords(to.versions)}`,
    );
  }
  const answered = demandAnswered(traffic, ran);
  return `the traffic after ${durationWords(backAfterMs)}, ${durationWords(ran.durationMs)} in all, ${answered}`;
}

function isAt(now: Readonly<Record<string, string>>, expected: Readonly<Record<string, string>>): boolean {
  return Object.entries(expected).every(([name, version]) => now[name] === version);
}

function versionWords(versions: Readonly<Record<string, string>>): string {
  const each = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return each.length === 0 ? "no version alone" : each.join(", ");
}
