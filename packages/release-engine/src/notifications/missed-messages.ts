import type { LedgerEntry, Moment, ReleasePlan } from "@slipway/contracts";
import { checkpointMessage } from "../checkpoints/checkpoint-message.ts";
import { judgeCheckpoint } from "../checkpoints/judge-checkpoint.ts";
import { missedIncidentMessages } from "../incidents/records/missed-incident-messages.ts";
import type { Message } from "../ports/notifier.ts";

/** Whoever is told later than that knows it by then, or it does not matter any more. */
const STALE_MS = 86_400_000;

/**
 * What people should have been told, and were not: the process was killed between writing something down and saying it, or it was done by a
 * command that tells nobody. What was said, or could not be delivered, is in the ledger, and is not said again.
 *
 * @param now milliseconds since the epoch, on the target's clock
 * @param flags what commands to type next need after the environment's name
 */
export function missedMessages(entries: readonly LedgerEntry[], now: number, flags: string): readonly Message[] {
  const ofReleases = entries.flatMap((entry, index) => {
    if (now - Date.parse(entry.at) > STALE_MS) {
      return [];
    }
    const message = messageOf(entry, flags, () => planOf(entries, entry.release));
    return message === undefined || wasTold(entries, index, message.moment) ? [] : [message];
  });
  return [...ofReleases, ...missedIncidentMessages(entries, { now, flags, isStale: (at) => now - at > STALE_MS })];
}

/** Until the same happens to it again. */
function wasTold(entries: readonly LedgerEntry[], index: number, moment: Moment): boolean {
  const of = entries[index]?.release;
  for (const { release, body } of entries.slice(index + 1)) {
    // Of a rollback that is live and answered badly it was told that it failed.
    const isSame = (told: Moment) => told === moment || (moment === "release-succeeded" && told === "release-failed");
    if (release === of && body.type === "notification.sent" && isSame(body.moment)) {
      return true;
    }
    if (release === of && momentOf(body) === moment) {
      return true; // The newer one is what people should know.
    }
  }
  return false;
}

function momentOf(body: LedgerEntry["body"]): Moment | undefined {
  switch (body.type) {
    case "release.started":
      // Of a rollback people are told once the traffic is back.
      return body.plan.rollsBack === undefined ? "release-started" : undefined;
    case "release.paused":
      return body.kind === "infrastructure.approve" ? "approval-needed" : "release-paused";
    case "release.ended":
      return (
        {
          live: "release-succeeded",
          done: "release-succeeded",
          failed: "release-failed",
          "put-back": "release-put-back",
          superseded: undefined,
        } as const
      )[body.outcome];
    case "checkpoint.judged":
      return ({ pass: "checkpoint-passed", fail: "checkpoint-failed", unknown: "checkpoint-unknown" } as const)[
        body.verdict
      ];
    case "lease.broken":
      return "lease-broken";
    default:
      return undefined;
  }
}

/** The release before it, as its plan has it; `undefined` where nobody knows. */
function planOf(entries: readonly LedgerEntry[], release: string | null): ReleasePlan | undefined {
  const started = entries.find((entry) => entry.release === release && entry.body.type === "release.started");
  return started?.body.type === "release.started" ? started.body.plan : undefined;
}

function messageOf(
  { environment, release, body, at, by }: LedgerEntry,
  flags: string,
  plan: () => ReleasePlan | undefined,
): Message | undefined {
  const moment = momentOf(body);
  if (moment === undefined) {
    return undefined;
  }
  const about = { moment, environment, release };
  const of = release === null ? environment : `${release} of ${environment}`;
  const when = `told late: it was at ${at}`;
  const next =
    release === null ? `slipway status ${environment}${flags}` : `slipway show ${environment} ${release}${flags}`;
  switch (body.type) {
    case "release.started":
      return { ...about, title: `${of} has begun`, text: `begun by ${by.name}; ${when}`, next };
    case "release.paused":
      return { ...about, title: `${of} is paused at ${body.step}`, text: `${body.reason}; ${when}`, next: body.next };
    case "release.ended": {
      const became = {
        live: "is live",
        done: "is done",
        failed: "failed",
        "put-back": "was put back",
        superseded: "was superseded",
      }[body.outcome];
      return { ...about, title: `${of} ${became}`, text: `${body.reason}; ${when}`, next };
    }
    case "checkpoint.judged": {
      if (release === null) {
        return undefined;
      }
      // Whether it was put back, its own message says.
      const judged = judgeCheckpoint(body.evidence, new Set());
      const message = checkpointMessage(plan() ?? { environment, release, previous: undefined }, body, judged, flags);
      return { ...message, text: `${message.text}\n${when}` };
    }
    case "lease.broken": {
      const { actor, command, host } = body.holder;
      const text = `${by.name} took it from ${actor.name} (${command} on ${host}): ${body.reason}; ${when}`;
      return { ...about, title: `The lease of ${environment} was broken`, text, next };
    }
    default:
      return undefined;
  }
}
