import type { EvidenceStatus, RehearsalReport, SmokeResult, SmokeScenario } from "@slipway/contracts";
import { wrapText } from "../costs/wrap-text.ts";
import { sourceWords } from "../release/render-plan.ts";
import { minute } from "../release/render-release.ts";
import { seconds } from "../terminal/progress-printer.ts";
import { evidenceTitle } from "../terminal/render-evidence.ts";
import { table } from "../terminal/table.ts";
import { waiverWords } from "../terminal/waiver-words.ts";

/**
 * The report for people.
 *
 * @param port - shown where it is not the usual one; `undefined` when local AWS ends with the job, so that there is nothing to try
 */
export function renderReport(
  report: RehearsalReport,
  scenario: SmokeScenario,
  port: number | undefined,
  columns = 80,
): string {
  const { terraform, functions, smoke, durationsMs, environment } = report;
  const counts = Object.entries(terraform).map(
    ([part, { add, change, destroy }]) => `${part} ${add} added, ${change} changed, ${destroy} destroyed`,
  );
  const steps = [...smoke.steps, ...smoke.cleanup];
  const passed = steps.filter(({ outcome }) => outcome === "passed").length;
  return [
    "",
    report.changed
      ? `${environment} is up, rehearsed on local AWS in ${seconds(durationsMs.total)}.`
      : `Nothing to do: ${environment} is as the configuration says (looked at in ${seconds(durationsMs.total)}).`,
    "",
    table([
      ["  API", report.apiUrl],
      ...counts.map((text, index) => [index === 0 ? "  Terraform" : "", text]),
      ...functions.map(({ functionName, functionVersion, artifactSha256 }, index) => [
        index === 0 ? "  Functions" : "",
        `${functionName} version ${functionVersion}, sha256 ${artifactSha256.slice(0, 12)}`,
      ]),
      ...roleRows(report.roles),
      ["  Smoke test", `${passed} of ${steps.length} steps passed`],
      ...releaseRows(report),
    ]),
    ...checklistLines(report, columns),
    ...(smoke.passed && port !== undefined
      ? ["Try next, in another terminal:", "", ...suggestions(report, scenario, port), ""]
      : []),
  ].join("\n");
}

/** The release that runs, and what its first checkpoint said. */
function releaseRows({ release, checkpoint }: RehearsalReport): string[][] {
  if (release === undefined) {
    return [];
  }
  const { id, source, isNew } = release;
  const said = checkpoint === undefined ? "not judged yet" : checkpoint.verdict.toUpperCase();
  return [
    ["  Release", `${id}, ${sourceWords(source)}${isNew ? "" : ", released before"}`],
    ["  Checkpoint", `immediate ${said}${checkpoint === undefined ? "" : ` at ${minute(checkpoint.at)}`}`],
  ];
}

const MARKS: Readonly<Record<EvidenceStatus, string>> = {
  pass: "pass   ",
  fail: "FAIL   ",
  unknown: "unknown",
  waived: "waived ",
};

const WAIVER_INDENT = " ".repeat("  waived   ".length);

/** What the checklist would stop on AWS: a rehearsal is no proof of it. */
function checklistLines({ checklist = [], environment }: RehearsalReport, columns: number): string[] {
  if (checklist.length === 0) {
    return [];
  }
  const order: readonly EvidenceStatus[] = ["fail", "waived", "unknown"];
  const lines = [...checklist].sort((left, right) => order.indexOf(left.status) - order.indexOf(right.status));
  return [
    ...wrapText(
      `Of the checklist, ${lines.length} ${lines.length === 1 ? "line was" : "lines were"} not shown by this rehearsal. Before production: slipway checklist ${environment}`,
      columns,
      "",
    ),
    "",
    ...lines.flatMap(({ status, title, subject, found, waiver }) => {
      const line = `  ${MARKS[status]}  ${evidenceTitle({ title, subject })}: ${found.replaceAll("\n", " ")}`;
      return [
        line.length > columns ? `${line.slice(0, columns - 1)}…` : line,
        // Whole: who has answered for what, and until when, is what people look for.
        ...(waiver === undefined ? [] : wrapText(waiverWords(waiver), columns, WAIVER_INDENT)),
      ];
    }),
    "",
  ];
}

/** Who did what: the purpose and the last part of the role's ARN. */
function roleRows(roles: RehearsalReport["roles"]): string[][] {
  const names = Object.entries(roles).map(([purpose, arn]) => `${purpose} as ${arn.split("/").at(-1) ?? arn}`);
  const lines = names.length === 0 ? ["none: done as root, the configuration names no roles"] : names;
  return lines.map((text, index) => [index === 0 ? "  Roles" : "", text]);
}

function suggestions(report: RehearsalReport, scenario: SmokeScenario, port: number): string[] {
  const flag = port === 4566 ? "" : ` --port ${port}`;
  const [first] = report.functions;
  return [
    `  ${curl(report.apiUrl, scenario)}`,
    `  eval "$(npx slipway local env${flag})" && aws logs tail /aws/lambda/${first?.functionName ?? ""} --since 5m`,
    `  npx slipway status ${report.environment} --local${flag}`,
    `  npx slipway local status${flag}`,
  ];
}

/** A call that changes something, from the first such step of the smoke test; else its first step. */
function curl(apiUrl: string, scenario: SmokeScenario): string {
  const writes = scenario.steps.find(({ method, body }) => method === "POST" && body !== undefined);
  if (writes === undefined) {
    return `curl -i '${apiUrl}${scenario.steps[0]?.path ?? "/"}'`;
  }
  const body = JSON.stringify(writes.body).replaceAll("{runId}", "by hand").replaceAll("'", "'\\''");
  return `curl -i '${apiUrl}${writes.path}' -H 'content-type: application/json' -d '${body}'`;
}

/** Each step of a smoke test on a line; what failed says why. */
export function renderSmoke(smoke: SmokeResult): string {
  return [...smoke.steps, ...smoke.cleanup]
    .map(({ name, request, outcome, status, durationMs, message }) => {
      const line = `${outcome.padEnd(7)} ${name} (${request}${status === undefined ? "" : `: ${status}`}, ${Math.round(durationMs)} ms)`;
      return message === undefined ? line : `${line}\n        ${message.replaceAll("\n", "\n        ")}`;
    })
    .map((line) => `${line}\n`)
    .join("");
}
