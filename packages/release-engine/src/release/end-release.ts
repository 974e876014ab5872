import { hasPredecessor } from "@slipway/release-plan";
import { insteadOfPuttingBack } from "./first-release-stays.ts";
import type { Journal } from "./journal.ts";
import type { ReleasePorts } from "./release-ports.ts";
import { releasedFunctions } from "./released-functions.ts";
import { tell } from "./tell.ts";

/**
 * Writes down that all of the traffic goes to a release, and then that the one before is superseded: should that not come to be written
 * any more, the first of the two says it, too.
 */
export async function goLive(ports: ReleasePorts, journal: Journal): Promise<void> {
  const { environment, release } = journal.plan;
  const undo = !hasPredecessor(journal.plan)
    ? insteadOfPuttingBack(environment, journal.flags)
    : `${journal.command("rollback")} puts it back`;
  const earlier = journal.all().filter(({ id, state }) => state === "live" && id !== release);
  const functions = releasedFunctions(journal.record);
  const reason = "all of the traffic goes to it, and it answers";
  await journal.write({ type: "release.ended", outcome: "live", reason, functions });
  for (const { id, functions: theirs } of earlier) {
    const taken = `${release} has taken its place`;
    await journal.write({ type: "release.ended", outcome: "superseded", reason: taken, functions: [...theirs] }, id);
  }
  await tell(ports, journal, "release-succeeded", {
    title: `${release} of ${environment} is live`,
    text: [
      reason,
      ...functions.map(({ name, previousVersion, version }) => `${name}: version ${previousVersion} -> ${version}`),
    ].join("\n"),
    next: `${journal.command("watch")} judges it at its later checkpoints; ${undo}`,
  });
}

/** Writes down that a release is over, and why: it has come to its end, was judged bad, or somebody wanted it put back. */
export async function endRelease(
  ports: ReleasePorts,
  journal: Journal,
  outcome: "done" | "failed" | "put-back",
): Promise<void> {
  const { record, plan } = journal;
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
    text: reason,
    next: journal.command("show"),
  });
}

const reasonOfEnd = {
  done: "all of its steps are done",
  failed: "a step failed",
  "put-back": "a step failed",
} as const;
