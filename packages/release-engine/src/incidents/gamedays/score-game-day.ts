import type { ActionKind, GameDayReport, Grade } from "@slipway/contracts";
import type { IncidentRecord } from "../incident-record.ts";
import type { GameDay } from "./game-day.ts";

/** What a game day has come to, before anybody judges it. Times are milliseconds since the epoch, on local AWS's clock. */
export interface PlayedDay {
  readonly plantedAt: number;
  /** All incidents of the environment, at the end. */
  readonly records: readonly IncidentRecord[];
  /** Ids of those that were there before the fault was. */
  readonly before: readonly string[];
  /** Ids of those that were opened after everything was good again, or after the time for it was over. */
  readonly after: readonly string[];
  readonly lostWrites: number | null;
  /** Whether a person was to cure it. */
  readonly manual: boolean;
}

/** Within what a fault that users feel has to be found: two of CloudWatch's periods of five minutes. */
const DETECTED_WITHIN_MS = 600_000;

/** Judges a game day: what was demanded, whether it was so, and what was found. */
export function scoreGameDay(day: GameDay, played: PlayedDay): Pick<GameDayReport, "grades" | "outcome" | "severity"> {
  const { before, after } = played;
  const own = incidentsOfDay(played);
  const severity = own.length === 0 ? null : worst(own);
  const grades: Grade[] = [
    grade(
      "quiet-before",
      before.length === 0,
      before.length === 0 ? "no incident before the fault" : `false: ${before.join(", ")}`,
    ),
    detected(own, played),
    grade("grouped", own.length === day.incidents, `${own.length} of ${day.incidents} incidents${titles(own)}`),
    signalled(day, own),
    grade(
      "classified",
      severity !== null && day.severities.includes(severity),
      severity === null ? "nothing to classify" : `severity ${severity}, the guide's ${day.severities.join(" or ")}`,
    ),
    ...(played.manual ? [curedByHand(own)] : cured(day, own)),
    resolved(own),
    ...(day.damagesData === true ? [] : [kept(played)]),
    grade("quiet-after", after.length === 0, after.length === 0 ? "nothing came after" : `false: ${after.join(", ")}`),
  ];
  return { severity, grades, outcome: outcomeOf(grades) };
}

/** Those that the fault is to blame for, as far as time tells. */
export function incidentsOfDay({ records, before, after }: PlayedDay): readonly IncidentRecord[] {
  return records.filter(({ id }) => !before.includes(id) && !after.includes(id));
}

function grade(name: string, isGood: boolean, found: string): Grade {
  return { name, status: isGood ? "pass" : "fail", found };
}

function worst(records: readonly IncidentRecord[]): IncidentRecord["severity"] {
  return Math.min(...records.map(({ severity }) => severity)) as IncidentRecord["severity"];
}

function titles(records: readonly IncidentRecord[]): string {
  return records.length === 0 ? "" : `: ${records.map(({ id, title }) => `${id} ${title}`).join("; ")}`;
}

function detected(own: readonly IncidentRecord[], { plantedAt }: PlayedDay): Grade {
  const [first] = own.map(({ openedAt }) => Date.parse(openedAt)).sort((left, right) => left - right);
  if (first === undefined) {
    return grade("detected", false, "no incident was opened");
  }
  const afterMs = first - plantedAt;
  return grade("detected", afterMs <= DETECTED_WITHIN_MS, `after ${Math.round(afterMs / 1_000)} s`);
}

function signalled({ signals }: GameDay, own: readonly IncidentRecord[]): Grade {
  const seen = new Set(own.flatMap((record) => record.signals.map(({ kind }) => kind)));
  const missing = signals.map((kinds) => [kinds].flat()).filter((kinds) => !kinds.some((kind) => seen.has(kind)));
  const found = `signals: ${[...seen].join(", ") || "none"}`;
  return grade(
    "signalled",
    missing.length === 0,
    missing.length === 0 ? found : `${found}; without ${missing.map((kinds) => kinds.join(" or ")).join(", ")}`,
  );
}

function cured({ cure, alsoProposes }: GameDay, own: readonly IncidentRecord[]): Grade[] {
  return cure.by === "slipway"
    ? [mitigated(cure.action, own), ...(alsoProposes === undefined ? [] : [named(alsoProposes, own)])]
    : [named(cure.proposes, own)];
}

function mitigated(action: ActionKind, own: readonly IncidentRecord[]): Grade {
  const actions = own.flatMap((record) => record.actions);
  const isDone = actions.some(({ kind, automatic, state }) => kind === action && automatic && state === "done");
  const words = actions.map(({ kind, state, found }) => `${kind} ${state}${found === undefined ? "" : ` (${found})`}`);
  return grade("mitigated", isDone, words.join("; ") || `nothing was done; it takes ${action}`);
}

function named(kinds: readonly ActionKind[], own: readonly IncidentRecord[]): Grade {
  const proposals = own.flatMap(({ proposal }) => proposal ?? []);
  const isNamed = proposals.some(({ kind }) => kinds.includes(kind));
  const words = proposals.map(({ kind, command }) => `${kind}: ${command}`).join("; ");
  return grade("right-command", isNamed, words || `nothing was proposed; it takes ${kinds.join(" or ")}`);
}

/** What people at the keyboard have to have done: said that they are at it, and something about it. */
function curedByHand(own: readonly IncidentRecord[]): Grade {
  const unanswered = own.filter(({ acknowledgedAt }) => acknowledgedAt === undefined).map(({ id }) => id);
  const actions = own.flatMap((record) => record.actions).filter(({ automatic }) => !automatic);
  const words =
    actions.map(({ kind, by, state }) => `${kind} by ${by}: ${state}`).join("; ") || "no action is on record";
  return grade(
    "answered",
    own.length > 0 && unanswered.length === 0,
    unanswered.length === 0 ? words : `nobody has acknowledged ${unanswered.join(", ")}; ${words}`,
  );
}

function resolved(own: readonly IncidentRecord[]): Grade {
  const open = own.filter(({ state }) => state !== "resolved" && state !== "closed").map(({ id }) => id);
  const isGood = own.length > 0 && open.length === 0;
  const reasons = own.map(({ id, resolution }) => `${id}: ${resolution?.verdict.reason ?? "no verdict"}`);
  return grade(
    "resolved",
    isGood,
    open.length > 0 ? `still open: ${open.join(", ")}` : reasons.join("; ") || "nothing to resolve",
  );
}

function kept({ lostWrites }: PlayedDay): Grade {
  return lostWrites === null
    ? { name: "no-data-lost", status: "unknown", found: "nothing was acknowledged to tell it by" }
    : grade("no-data-lost", lostWrites === 0, `${lostWrites} acknowledged writes are not there as they were written`);
}

function outcomeOf(grades: readonly Grade[]): GameDayReport["outcome"] {
  if (grades.some(({ status }) => status === "fail")) {
    return "fail";
  }
  return grades.some(({ status }) => status === "unknown") ? "unknown" : "pass";
}
