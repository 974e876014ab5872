import type { GameDayReport } from "@slipway/contracts";
import type { GameDay } from "@slipway/release-engine";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";

const WORDS = { pass: "pass   ", fail: "FAIL   ", unknown: "unknown" } as const;

/** The game days that there are, to choose one. */
export function renderGameDays(days: readonly GameDay[], columns: number): string {
  const width = Math.max(...days.map(({ name }) => name.length)) + 2;
  const lines = days.flatMap(({ name, summary, severities, cure }) => {
    const by = cure.by === "slipway" ? `Slipway's ${cure.action}` : `yours: ${cure.proposes.join(" or ")}`;
    const [first = "", ...rest] = wrapText(
      `${summary}; severity ${severities.join(" or ")}; the cure is ${by}`,
      columns - width,
      "",
    );
    return [`${name.padEnd(width)}${first}`, ...rest.map((line) => `${" ".repeat(width)}${line}`)];
  });
  return `${lines.join("\n")}\n`;
}

/** How a game day went. */
export function renderGameDay(report: GameDayReport, columns: number): string {
  const { name, environment, grades, outcome, requests, failed } = report;
  const seconds = (value: number | null) => (value === null ? "never" : `${Math.round(value)} s`);
  const width = Math.max(...grades.map((each) => each.name.length)) + 2;
  const lines = grades.flatMap((each) => {
    const head = `  ${WORDS[each.status]}  ${each.name.padEnd(width)}`;
    const [first = "", ...rest] = wrapText(escapeControls(each.found), Math.max(20, columns - head.length), "");
    return [`${head}${first}`, ...rest.map((line) => `${" ".repeat(head.length)}${line}`)];
  });
  return [
    `${name} in ${environment}, rehearsed on local AWS: ${outcome.toUpperCase()}`,
    "",
    ...lines,
    "",
    `  detected after ${seconds(report.secondsToDetect)}, mitigated after ${seconds(report.secondsToMitigate)}, resolved after ${seconds(report.secondsToResolve)}`,
    `  ${requests} requests, ${failed} failed${report.lostWrites === null ? "" : `, ${report.lostWrites} acknowledged writes lost`}`,
    "",
  ].join("\n");
}
