import type { ReleaseReport } from "@slipway/contracts";
import { wrapText } from "../costs/wrap-text.ts";
import { seconds } from "../terminal/progress-printer.ts";
import { table } from "../terminal/table.ts";
import { sourceWords } from "./render-plan.ts";

type DeployedFunction = Pick<ReleaseReport["functions"][number], "version" | "previousVersion" | "artifactSha256">;

/** How a release came out, for people: what was done, where to look, how to undo it, and what is still due. */
export function renderRelease(report: ReleaseReport, columns: number): string {
  const rows = [
    ...(report.apiUrl === undefined ? [] : [["  API", report.apiUrl]]),
    ...report.functions.map(({ functionName, version, previousVersion, artifactSha256 }, index) => [
      index === 0 ? "  Functions" : "",
      `${functionName} ${versionWords(report.outcome, { version, previousVersion, artifactSha256 })}`,
    ]),
    ...verifiedRow(report),
    ...report.checkpoints.map(({ window, state, at }, index) => [
      index === 0 ? "  Checkpoints" : "",
      `${window.padEnd("immediate".length)}  ${state === "due" ? `due from ${minute(at)} on` : `${state.toUpperCase()} at ${minute(at)}`}`,
    ]),
  ];
  const { first, goOn, look, undo, due } = report.next;
  const commands = [
    ...(first === undefined ? [] : [["  First", first]]),
    ...(goOn === undefined ? [] : [["  Go on", goOn]]),
    ...look.map((command, index) => [index === 0 ? "  Look" : "", command]),
    ...(due === undefined ? [] : [["  Still due", due]]),
    ...(undo === undefined ? [] : [["  Undo", undo]]),
  ];
  return [
    "",
    ...wrapText(sentence(report), columns, ""),
    "",
    ...(rows.length === 0 ? [] : [table(rows)]),
    ...(commands.length === 0 ? [] : [table(commands)]),
  ].join("\n");
}

/** What was found once the traffic was back. */
function verifiedRow({ verified, steps }: ReleaseReport): string[][] {
  const { summary = "" } = steps.findLast(({ kind }) => kind === "traffic.verify") ?? {};
  return verified === undefined ? [] : [["  Verified", summary]];
}

function versionWords(outcome: ReleaseReport["outcome"], deployed: DeployedFunction): string {
  const { version, previousVersion, artifactSha256 } = deployed;
  if (outcome === "put-back") {
    // The digest is that of the version that has gone: beside the other it would be taken for that one's.
    return `version ${previousVersion} again, not ${version}`;
  }
  const before = version === previousVersion ? "" : `, before ${previousVersion}`;
  return `version ${version}${before}, sha256 ${artifactSha256.slice(0, 12)}`;
}

/** `2026-11-28 12:05Z`. */
export function minute(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")}Z`;
}

function sentence(report: ReleaseReport): string {
  const { command, outcome, environment, target, release, source, reason, durationMs, steps, rollsBack } = report;
  const what = `${release ?? "It"}${source === null ? "" : ` (${sourceWords(source)})`}`;
  const time = seconds(durationMs);
  const because = reason === "" ? "" : ` ${capital(reason)}${/[.!?]$/.test(reason) ? "" : "."}`;
  switch (outcome) {
    case "live":
      if (rollsBack !== undefined) {
        const back = `${release} took ${environment} on ${target} back to ${rollsBack.to}, from ${rollsBack.from}`;
        if (!rollsBack.parts.includes("code")) {
          const again = rollsBack.parts.includes("data")
            ? "Which table is in use is in restored-table.auto.tfvars.json now, which belongs into a commit: without it the next slipway deploy plans the table before back."
            : "What is checked out here is as it was: take it back there, too (git revert), or the next slipway deploy plans it again.";
          return `${back}: its ${rollsBack.parts.join(" and ")} is there again (${time}). ${again}`;
        }
        return `${back}: ${source === null ? "" : `${sourceWords(source)} `}has all of the traffic again (${time}).`;
      }
      return `${what} is live in ${environment} on ${target} (${time}).`;
    case "done":
      return `${what} is done in ${environment} on ${target} (${time}).${because}`;
    case "nothing-to-do":
      if (command === "rollback") {
        return `Nothing to do in ${environment} on ${target} (looked at in ${time}).${because}`;
      }
      return `Nothing to do: ${environment} on ${target} is as the configuration says, with ${what} (looked at in ${time}).${because}`;
    case "put-back":
      return `${what} was PUT BACK on ${target}: what ran before has all of the traffic again.${because}`;
    case "failed":
      return `${what} FAILED on ${target}; what ran before runs on.${because}`;
    case "paused":
      return `${what} is PAUSED on ${target}${positionOf(steps)}.${because}`;
    case "interrupted":
      return `${what} was INTERRUPTED on ${target}${positionOf(steps)}.${because}`;
    case "broken-off":
      return `${what} STOPPED on ${target}${positionOf(steps)}; it can be gone on with.${because}`;
    case "planned":
      return `${what} is only planned; nothing was changed.`;
  }
}

function positionOf(steps: ReleaseReport["steps"]): string {
  const at = steps.findIndex(({ state }) => state !== "done" && state !== "nothing-to-do");
  const step = steps[at];
  return step === undefined ? "" : ` at step ${at + 1} of ${steps.length}, ${step.title}`;
}

/** Names of things, such as `lambda:InvokeFunction`, keep their spelling. */
export function capital(text: string): string {
  return /^[a-z]+(?=[ ,])/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
