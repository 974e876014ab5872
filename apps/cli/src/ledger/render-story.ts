import type { Evidence, PlanSummary } from "@slipway/contracts";
import { backFromRollback, insteadOfPuttingBack, type ReleaseRecord } from "@slipway/release-engine";
import { hasPredecessor } from "@slipway/release-plan";
import { formatSpan, formatTime } from "../charts/format-time.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { seconds } from "../terminal/progress-printer.ts";
import { renderEvidence } from "../terminal/render-evidence.ts";
import type { ReleaseStory } from "./release-story.ts";
import { commitWords, durationOf, STATE_WORDS, versionWords } from "./release-words.ts";

const MARKS = {
  started: "BEGUN  ",
  done: "done   ",
  "nothing-to-do": "-      ",
  paused: "PAUSED ",
  failed: "FAILED ",
  "to-do": "to do  ",
} as const;
const VERDICTS = { successful: "good   ", failed: "BAD    ", inconclusive: "UNSURE ", error: "ERROR  " } as const;
const CHECKPOINTS = { pass: "pass   ", fail: "FAIL   ", unknown: "UNKNOWN" } as const;
const CHECKLIST = { done: "done   ", "to-do": "to do  ", bad: "BAD    " } as const;
const INDENT = " ".repeat(9);

export interface StoryPlace {
  readonly environment: string;
  readonly target: string;
  /** What a command on the same target needs: ` --local`. */
  readonly flags: string;
  /** Whether what passed is shown, too. */
  readonly all: boolean;
}

/** Everything that the ledger tells of a release, for people. */
export function renderStory(story: ReleaseStory, place: StoryPlace, columns: number): string {
  const hanging = (mark: string, text: string) =>
    wrapText(escapeControls(text), columns, INDENT)
      .map((line, index) => (index === 0 ? `${mark.padEnd(7)}  ${line.slice(INDENT.length)}` : line))
      .join("\n");
  const plain = (text: string) => wrapText(escapeControls(text), columns, "").join("\n");
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`${title}\n${lines.join("\n")}\n`];
  const {
    record,
    steps,
    plans,
    settled,
    approvals,
    waivers,
    signOffs,
    evidence,
    verdicts,
    checkpoints,
    notifications,
    turns,
    rollbackChecklist = [],
  } = story;
  return [
    `${plain(headOf(story, place))}\n`,
    ...section(
      "Steps",
      steps.map(({ id, planned, step }) => {
        const time = step?.durationMs === undefined ? "" : ` (${seconds(step.durationMs)})`;
        const again = step !== undefined && step.attempts > 1 ? `, attempt ${step.attempts}` : "";
        const summary = step?.summary === undefined ? "" : `: ${step.summary}`;
        return hanging(MARKS[step?.state ?? "to-do"], `${planned?.title ?? id}${time}${again}${summary}`);
      }),
    ),
    ...section(
      "What happened to it",
      turns.map(({ at, by, what, reason, next }) =>
        plain(
          `${time(at)}  ${what} (${shortName(by)})${reason === undefined ? "" : `: ${reason}`}${next === undefined ? "" : ` Next: ${next}`}`,
        ),
      ),
    ),
    ...section(
      "Rollback checklist",
      rollbackChecklist.map(({ title, state, found }) => hanging(CHECKLIST[state], `${title}: ${found}`)),
    ),
    ...plans.flatMap(({ summary }) =>
      section(`Plan of the infrastructure ${summary.planDigest.slice(0, 12)}`, planLines(summary, plain, hanging)),
    ),
    ...section(
      "Approvals",
      approvals.map(({ at, by, planDigest, comment, signature, accepts }) =>
        plain(
          `${time(at)}  ${by}: yes to the plan ${planDigest.slice(0, 12)}${signature === undefined ? "" : ", signed"}${accepts.length === 0 ? "" : `, accepting ${accepts.join(", ")}`}${comment === undefined ? "" : `: ${comment}`}`,
        ),
      ),
    ),
    ...settled.flatMap(({ planDigest, findings }) =>
      section(
        `Known after the apply of ${planDigest.slice(0, 12)}`,
        findings.length === 0
          ? ["nothing that a person has to know"]
          : findings.map(({ id, severity, address, reason }) =>
              hanging(severity.toUpperCase(), `${id} ${address}: ${reason}`),
            ),
      ),
    ),
    ...section(
      "Sign-offs",
      signOffs.map(({ at, signOff }) =>
        plain(
          `${time(at)}  ${signOff.by}: users' feedback is ${signOff.feedback}${signOff.note === undefined ? "" : `, ${signOff.note}`}`,
        ),
      ),
    ),
    ...section(
      "Waivers",
      waivers.map(({ at, waiver }) =>
        plain(`${time(at)}  ${waiver.check}, until ${waiver.expires}, by ${waiver.by}: ${waiver.reason}`),
      ),
    ),
    ...evidence.flatMap(({ step, evidence: seen }) => evidenceSection(`Checks of ${step}`, seen, place.all, columns)),
    ...section(
      "Verdicts",
      verdicts.map(({ at, step, look, verdict }) => {
        const numbers = Object.entries(verdict.numbers).map(
          ([name, value]) => `${name} ${Number(value.toPrecision(6))}`,
        );
        const text = `${time(at)} ${step}, look ${look}: ${verdict.reason}`;
        return hanging(VERDICTS[verdict.status], numbers.length === 0 ? text : `${text} [${numbers.join(", ")}]`);
      }),
    ),
    ...checkpoints.flatMap(({ window, verdict, at, evidence: seen }) => [
      `Checkpoint ${window}: ${CHECKPOINTS[verdict].trim()} at ${time(at)}`,
      ...evidenceSection("", seen, place.all, columns),
    ]),
    ...section(
      "Notifications",
      notifications.map(({ at, moment, channel, outcome, detail }) =>
        plain(
          `${time(at)}  ${moment} to ${channel}: ${outcome === "sent" ? "sent" : "NOT SENT"}${detail === undefined ? "" : `, ${detail}`}`,
        ),
      ),
    ),
    `${plain(lastLine(place, record))}\n`,
  ].join("\n");
}

function headOf({ record }: ReleaseStory, { environment, target }: StoryPlace): string {
  const { id, state, plan, authors, startedAt, startedBy, functions } = record;
  const took = durationOf(record);
  const written = authors.length === 0 ? "" : `, written by ${authors.join(", ")}`;
  const versions = versionWords(functions, state);
  return [
    `${id} of ${environment} on ${target}: ${STATE_WORDS[state]}.`,
    `Commit ${commitWords(plan.source)}${written}.`,
    `Begun ${formatTime(Date.parse(startedAt))} by ${startedBy}${took === undefined ? "" : `, took ${formatSpan(took)}`}.`,
    beforeIt(plan),
    ...(versions === "" ? [] : [`Versions: ${versions}.`]),
  ].join(" ");
}

function planLines(
  summary: PlanSummary,
  plain: (text: string) => string,
  hanging: (mark: string, text: string) => string,
): string[] {
  const { at, counts, gate, findings, resources, omitted } = summary;
  const numbers = Object.entries(counts).filter(([, count]) => count > 0);
  return [
    plain(
      `${time(at)}  ${numbers.length === 0 ? "no changes" : numbers.map(([name, count]) => `${count} to ${name}`).join(", ")}; the gate is ${gate}`,
    ),
    ...findings.map(({ id, severity, status, address, reason }) =>
      hanging(status === "waived" ? "waived" : severity.toUpperCase(), `${id} ${address}: ${reason}`),
    ),
    ...resources.map(({ action, address, because }) =>
      hanging(action, `${address}${because.length === 0 ? "" : `, because of ${because.join(", ")}`}`),
    ),
    ...(omitted === 0 ? [] : [`${INDENT}and ${omitted} more`]),
  ];
}

function evidenceSection(title: string, seen: readonly Evidence[], all: boolean, columns: number): string[] {
  const shown = all ? seen : seen.filter(({ status }) => status !== "pass");
  const passed = seen.length - shown.length;
  const lines = [
    ...(title === "" ? [] : [`${title}\n`]),
    renderEvidence(shown.map(withoutControls), columns),
    ...(passed === 0
      ? []
      : [`pass     ${passed} ${passed === 1 ? "check" : "checks"}${shown.length === 0 ? "" : " more"}\n`]),
  ];
  return [lines.join("")];
}

function withoutControls(evidence: Evidence): Evidence {
  const { title, found, next } = evidence;
  return {
    ...evidence,
    ...{ title: escapeControls(title), found: escapeControls(found, { lines: true }) },
    ...(next === undefined ? {} : { next: escapeControls(next) }),
  };
}

function beforeIt({ previous, adopts = [] }: ReleaseRecord["plan"]): string {
  if (previous !== null) {
    return `Before it: ${previous}.`;
  }
  const found = adopts.map(({ function: name, version }) => `version ${version} of ${name}`).join(", ");
  return found === "" ? "Nothing ran before it." : `Before it, deployed by hand: ${found}.`;
}

function lastLine({ environment, flags, all }: StoryPlace, { state, plan }: ReleaseRecord): string {
  const more = all ? "" : " --all shows what passed, too.";
  if (state === "running" || state === "paused") {
    return `Go on: slipway resume ${environment}${flags}, or back: slipway rollback ${environment}${flags}.${more}`;
  }
  if (state === "live" && !hasPredecessor(plan)) {
    return `No way back, because nothing ran before: ${insteadOfPuttingBack(environment, flags)}.${more}`;
  }
  const { rollsBack } = plan;
  const back =
    rollsBack === undefined
      ? `slipway rollback ${environment}${flags}`
      : backFromRollback({ environment, rollsBack }, flags);
  return state === "live" ? `Undo: ${back}.${more}` : `The history: slipway history ${environment}${flags}.${more}`;
}

function time(at: string): string {
  return formatTime(Date.parse(at));
}

function shortName(name: string): string {
  return name.replace(/ <[^>]*>$/, "");
}
