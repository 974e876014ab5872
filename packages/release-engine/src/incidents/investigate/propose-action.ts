import { shellQuote } from "@slipway/analysis";
import type { ActionKind, IncidentSignal, Proposal, Suspect } from "@slipway/contracts";
import type { ReleaseRecord } from "../../ledger/release-record.ts";
import type { IncidentRecord } from "../incident-record.ts";

/** A cause that is no release, as the ranking has it. */
export interface OutsideSuspect {
  readonly cause: "dependency" | "traffic" | "input" | "limit" | "permission" | "write" | "leak";
  readonly likelihood: number;
  readonly reasons: readonly string[];
}

export interface ProposalFacts {
  readonly environment: string;
  /** What commands need after the environment's name: ` --local`. */
  readonly flags: string;
  readonly record: Pick<IncidentRecord, "id" | "startedAt" | "signals" | "actions">;
  /** The likeliest first; empty where no release is suspected. */
  readonly suspects: readonly Suspect[];
  /** The likeliest first. */
  readonly outside: readonly OutsideSuspect[];
  /** The releases of the environment, oldest first. */
  readonly releases: readonly Pick<ReleaseRecord, "id" | "state" | "plan">[];
  /** Whether what it is about is none of a release's making, whatever was released before. */
  readonly isBlameless?: boolean;
}

/** From which likelihood on a release goes back without a person. */
const BEYOND_DOUBT = 0.8;
const MINUTE_MS = 60_000;

/**
 * What to do next about an incident, and why. `safe` only where it is quickly undone and loses nothing: code goes back by one call a
 * function, and forward again by another. What was tried and has not helped is not proposed again.
 */
export function proposeAction(facts: ProposalFacts): Proposal {
  const { record } = facts;
  const firing = record.signals.filter(({ clearedAt }) => clearedAt === undefined);
  const tried = new Set(
    record.actions.filter(({ state }) => state === "failed" || state === "done").map(({ kind }) => kind),
  );
  const candidates = [
    ...ofWatching(facts, firing),
    ...ofOperations(facts, firing),
    ...ofBackups(facts, firing),
    ...ofSuspects(facts),
    ...ofOutside(facts),
  ];
  return candidates.find(({ kind }) => !tried.has(kind)) ?? looking(facts);
}

/** Alarms that are not there any more are made again by what has made them. */
function ofWatching(facts: ProposalFacts, firing: readonly IncidentSignal[]): Proposal[] {
  const [missing] = firing.filter(({ kind }) => kind === "monitoring");
  const isAll = firing.every(({ kind }) => kind === "monitoring");
  return missing === undefined || !isAll ? [] : [reapply(facts, missing.what)];
}

function ofOperations(facts: ProposalFacts, firing: readonly IncidentSignal[]): Proposal[] {
  const own = firing.filter(({ kind }) => kind === "operations");
  const [first] = own;
  if (first === undefined || own.length < firing.length) {
    return [];
  }
  const unfinished = own.find(({ resource }) => resource.type === "environment");
  if (unfinished !== undefined) {
    return [
      proposal(
        facts,
        "resume-release",
        "resume",
        `${unfinished.what}; it can be gone on with where it stands, or put back with slipway rollback`,
      ),
    ];
  }
  const isLock = first.resource.type === "state";
  return [
    isLock
      ? proposal(
          facts,
          "unlock",
          "plan",
          `${first.what}; whoever plans next in the folder of the dead run takes the lock away, and says so`,
        )
      : {
          ...proposal(facts, "unlock", `unlock`, first.what),
          command: `slipway unlock ${facts.environment}${facts.flags} --reason ${shellQuote(`${facts.record.id}: its holder is dead`)} --yes`,
          safe: true,
        },
  ];
}

/** What was not made is made now: it holds the table as it is now, and the next one is due as before. */
function ofBackups(facts: ProposalFacts, firing: readonly IncidentSignal[]): Proposal[] {
  const [first] = firing;
  if (first === undefined || firing.some(({ kind }) => kind !== "backup")) {
    return [];
  }
  const because = `a scheduled backup was given up, says the alarm ${first.resource.name} since ${first.since}: one that is made now takes its place`;
  return [
    {
      ...proposal(facts, "make-backup", "backup", because),
      command: `slipway backup ${facts.environment} create${facts.flags}`,
    },
  ];
}

function ofSuspects(facts: ProposalFacts): Proposal[] {
  // What nothing ran before has no way back.
  const previousOf = (release: string) => facts.releases.find(({ id }) => id === release)?.plan.previous ?? undefined;
  const isRollback = (release: string) => facts.releases.find(({ id }) => id === release)?.plan.rollsBack !== undefined;
  const first = facts.suspects.find(({ release, part }) => part === "data" || previousOf(release) !== undefined);
  if (first === undefined) {
    return [];
  }
  const { release, part, likelihood, reasons } = first;
  const because = `${release} is to blame by ${percent(likelihood)}: ${reasons.slice(0, 2).join("; ")}`;
  const reason = `--reason ${shellQuote(`${facts.record.id}: ${because}`.slice(0, 200))}`;
  // What ran before the suspect, where something was released since; otherwise the way back needs no name.
  const live = facts.releases.findLast(({ state }) => state === "live");
  const before = previousOf(release);
  const to = live?.id === release || before === undefined ? "" : ` --to ${before}`;
  switch (part) {
    case "code":
      return [
        {
          ...proposal(facts, "rollback-code", `rollback`, because),
          command: `slipway rollback ${facts.environment} code${facts.flags}${to} ${reason}`,
          // To skip over releases in between is for people; and so is to go forward again to what somebody has gone back from.
          safe: likelihood >= BEYOND_DOUBT && to === "" && !isRollback(release),
        },
      ];
    case "infrastructure":
      return [
        {
          ...proposal(facts, "rollback-infrastructure", "rollback", because),
          command: `slipway rollback ${facts.environment} infrastructure${facts.flags}${to} ${reason}`,
        },
      ];
    case "data":
      return [
        {
          ...proposal(facts, "undo-data", "rollback", because),
          command: `slipway rollback ${facts.environment} data --undo-of ${release}${facts.flags} --plan`,
        },
      ];
  }
}

function ofOutside(facts: ProposalFacts): Proposal[] {
  const [first] = facts.outside;
  // Also where they are not seen any more: rights do not come back, and items are not whole again, because nobody asks for a minute.
  const denied = facts.record.signals.find(({ kind }) => kind === "security");
  const damaged = facts.record.signals.find(({ kind }) => kind === "data");
  return [
    ...(denied === undefined && first?.cause !== "permission" ? [] : [reapply(facts, denied?.what ?? whyOf(first))]),
    ...(damaged === undefined && first?.cause !== "write" ? [] : undo(facts, damaged?.what ?? whyOf(first))),
    ...(first === undefined ? [] : byCause(facts, first)),
  ];
}

function byCause(facts: ProposalFacts, { cause, reasons }: OutsideSuspect): Proposal[] {
  const seen = reasons.slice(0, 2).join("; ");
  const because = seen === "" ? `it looks like ${cause}` : seen;
  switch (cause) {
    case "dependency":
      return [
        proposal(
          facts,
          "wait",
          "metrics",
          `${because}; a service that the functions call does not answer as it should, and no release is the reason`,
        ),
      ];
    case "traffic":
      return [proposal(facts, "raise-limit", "metrics", `${because}; more came than the limits let in`)];
    case "limit":
      return [
        proposal(facts, "raise-limit", "metrics", `${because}; a limit was reached that has been there all the time`),
      ];
    case "input":
      return [
        {
          ...proposal(facts, "block-input", "logs", `${because}; requests of few callers fail, with every version`),
          command: `slipway logs ${facts.environment}${facts.flags} --errors --since ${facts.record.startedAt}`,
        },
      ];
    case "leak":
      return [proposal(facts, "look", "metrics", `${because}; it has grown for longer than any release that is known`)];
    case "permission":
    case "write":
      return [];
  }
}

function undo(facts: ProposalFacts, because: string): Proposal[] {
  const { environment, flags, record } = facts;
  // The second before it was first seen is late for the first bad write: people look at the preview, and move it.
  const since = new Date(
    Math.floor((Date.parse(record.startedAt) - 5 * MINUTE_MS) / MINUTE_MS) * MINUTE_MS,
  ).toISOString();
  // Where nothing fires, as where people have opened it, it was written before it began.
  const lastBegun = Math.max(...[record.startedAt, ...record.signals.map(({ since: at }) => at)].map(Date.parse));
  const until = new Date(Math.ceil((lastBegun + MINUTE_MS) / MINUTE_MS) * MINUTE_MS).toISOString();
  return [
    {
      ...proposal(
        facts,
        "undo-data",
        "rollback",
        `${because}; what was written then can be taken back where nobody has changed it since`,
      ),
      command: `slipway rollback ${environment} data --undo${flags} --since ${since} --until ${until} --plan`,
    },
  ];
}

function reapply(facts: ProposalFacts, because: string): Proposal {
  return {
    ...proposal(
      facts,
      "reapply-infrastructure",
      "deploy",
      `${because}; Terraform makes again what it has and AWS has not`,
    ),
    command: `slipway deploy ${facts.environment}${facts.flags}`,
  };
}

function looking(facts: ProposalFacts): Proposal {
  const { environment, flags, record, isBlameless = false } = facts;
  const [alarm] = record.signals.filter(
    ({ resource, clearedAt }) => resource.type === "alarm" && clearedAt === undefined,
  );
  if (isBlameless && alarm !== undefined) {
    const { name } = alarm.resource;
    const because = `${name} rings for what no release is to blame for: its runbook, which is shown with it, says what to do`;
    return {
      ...proposal(facts, "look", "alarms", because),
      command: `slipway alarms ${environment} ${name}${flags}`,
    };
  }
  return {
    ...proposal(
      facts,
      "look",
      "logs",
      "nothing that is known to help fits what was seen, or it was tried and has not helped",
    ),
    command: `slipway logs ${environment}${flags} --errors --since ${record.startedAt}`,
  };
}

function proposal({ environment, flags }: ProposalFacts, kind: ActionKind, word: string, because: string): Proposal {
  return { kind, because, command: `slipway ${word} ${environment}${flags}`, safe: false };
}

function whyOf(suspect: OutsideSuspect | undefined): string {
  return suspect?.reasons.slice(0, 2).join("; ") ?? "";
}

function percent(likelihood: number): string {
  return `${Math.round(likelihood * 100)} %`;
}
