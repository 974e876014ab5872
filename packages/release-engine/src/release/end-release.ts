import { hasPredecessor } from "@slipway/release-plan";
import { backFromRollback } from "../rollback/back-from-rollback.ts";
import { insteadOfPuttingBack } from "./first-release-stays.ts";
import type { Journal } from "./journal.ts";
import type { ReleasePorts } from "./release-ports.ts";
import { releasedFunctions } from "./released-functions.ts";
import { tell } from "./tell.ts";
import { verifiedOf } from "./verified-of.ts";

/**
 * Writes down that all of the traffic goes to a release, and then that the one before is superseded: should that not come to be written
 * any more, the first of the two says it, too.
 */
export async function goLive(ports: ReleasePorts, journal: Journal): Promise<void> {
  const { environment, release, rollsBack } = journal.plan;
  const undo = !hasPredecessor(journal.plan)
    ? insteadOfPuttingBack(environment, journal.flags)
    : rollsBack === undefined
      ? `${journal.command("rollback")} puts it back`
      : `${backFromRollback({ environment, rollsBack }, journal.flags)} takes it back`;
  const earlier = journal.all().filter(({ id, state }) => state === "live" && id !== release);
  const functions = releasedFunctions(journal.record);
  const seen = verifiedOf(journal.record);
  const reason = wordsOf[seen?.verdict ?? "pass"](seen);
  await journal.write({ type: "release.ended", outcome: "live", reason, functions });
  for (const { id, functions: theirs } of earlier) {
    const taken = `${release} has taken its place`;
    await journal.write({ type: "release.ended", outcome: "superseded", reason: taken, functions: [...theirs] }, id);
  }
  const isBad = seen?.verdict === "fail";
  await tell(ports, journal, isBad ? "release-failed" : "release-succeeded", {
    title: `${release} of ${environment} is live${isBad ? ", and what was found there is bad" : ""}`,
    text: [
      reason,
      ...functions.map(({ name, previousVersion, version }) => `${name}: version ${previousVersion} -> ${version}`),
    ].join("\n"),
    next: `${journal.command("watch")} judges it at its later checkpoints; ${undo}`,
  });
}

type Seen = ReturnType<typeof verifiedOf>;

/** Why a release is live, by what a rollback has found there. */
const wordsOf: Record<NonNullable<Seen>["verdict"], (seen: Seen) => string> = {
  pass: () => "all of the traffic goes to it, and it answers",
  unknown: (seen) => `all of the traffic goes to it; nobody knows ${seen?.unknown.join("; ")}`,
  fail: (seen) => `all of the traffic goes to it, and that is bad: ${seen?.bad.join("; ")}`,
};

/** Writes down that a release is over, and why: it has come to its end, was judged bad, or somebody wanted it put back. */
export async function endRelease(
  ports: ReleasePorts,
  journal: Journal,
  outcome: "done" | "failed" | "put-back",
): Promise<void> {
  const { record, plan } = journal;
  const seen = outcome === "put-back" ? verifiedOf(record) : undefined;
  const { environment, release } = plan;
  const bad = [...record.steps.values()].findLast(({ state }) => state === "failed");
  const reason =
    record.puttingBack ?? (bad === undefined ? reasonOfEnd[outcome] : `${bad.id}: ${bad.summary ?? "failed"}`);
  await journal.write({ type: "release.ended", outcome, reason, functions: releasedFunctions(journal.record) });
  const words = {
    done: { title: `${release} of ${environment} is done`, moment: "release-succeeded" },
    failed: { title: `${release} of ${environment} failed; no traffic went to it`, moment: "release-failed" },
    "put-back": {
      title: `${release} of ${environment} was put back: the versions before it have the traffic`,
      moment: "release-put-back",
    },
  } as const;
  await tell(ports, journal, words[outcome].moment, {
    title: words[outcome].title,
    text: [
      reason,
      ...(seen?.bad ?? []).map((each) => `BAD since: ${each}`),
      ...(seen?.unknown ?? []).map((each) => `Nobody knows: ${each}`),
    ].join("\n"),
    next: journal.command("show"),
  });
}

const reasonOfEnd = {
  done: "all of its steps are done",
  failed: "a step failed",
  "put-back": "a step failed",
} as const;
