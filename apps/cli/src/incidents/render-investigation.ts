import type { Investigation } from "@slipway/contracts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { utcTime } from "./postmortem/zoned-time.ts";

/** Of each kind of thing so many are told; JSON has all. */
const [MOST_SUSPECTS, MOST_ERRORS, MOST_NUMBERS, MOST_FILES, MOST_ALARMS, MOST_DEPENDENCIES] = [3, 5, 10, 8, 6, 4];
/** A number is told when it is another by so many times, or has come from nothing. */
const NEWS_FACTOR = 1.5;

/**
 * What was found out, to be read in a minute: what to do, why, what was changed, what is seen, and what did not answer.
 *
 * @param columns width of the terminal
 */
export function renderInvestigation(found: Investigation, columns: number): string {
  const { environment, incident, startedAt, to, proposal } = found;
  const width = Math.min(columns, 100);
  const of = incident === null ? environment : `${incident} of ${environment}`;
  const paragraphs = [
    [
      `Investigation of ${of}: it began at ${clockTime(startedAt)}, ${span(startedAt, to)} before ${clockTime(to)} (UTC).`,
    ],
    [`Next (${proposal.kind}): ${proposal.command}`, `  because ${proposal.because}`],
    suspects(found),
    changes(found),
    errors(found),
    numbers(found),
    alarms(found),
    dependencies(found),
    costs(found),
    sources(found),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.flatMap((line) => wrapped(line, width)).join("\n"))
    .join("\n\n")}\n`;
}

function wrapped(line: string, width: number): string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  return wrapText(escapeControls(line.trim()), Math.max(20, width - indent.length), "").map(
    (each) => `${indent}${each}`,
  );
}

function suspects({ suspects: all, withoutSuspect }: Investigation): string[] {
  if (all.length === 0) {
    return [`No release is suspected: ${withoutSuspect ?? "nothing was changed"}.`];
  }
  return [
    "Suspects:",
    ...all
      .slice(0, MOST_SUSPECTS)
      .flatMap(({ release, part, likelihood, changedAt, reasons }, index) => [
        `  ${release}, ${part}, since ${clockTime(changedAt)}: ${Math.round(likelihood * 100)} %`,
        ...reasons.slice(0, index === 0 ? 4 : 1).map((reason) => `    ${reason}`),
      ]),
  ];
}

function changes({ changes: found, suspects: [first] }: Investigation): string[] {
  if (found === null || first === undefined) {
    return [];
  }
  const { commits, files, moreFiles, infrastructure } = found;
  const more = Math.max(0, files.length - MOST_FILES) + moreFiles;
  const lines = [
    ...commits.slice(0, 5).map(({ commit, subject, author }) => `  ${commit.slice(0, 8)} ${subject} (${author})`),
    ...(files.length === 0
      ? []
      : [`  files: ${files.slice(0, MOST_FILES).join(", ")}${more === 0 ? "" : ` and ${more} more`}`]),
    ...infrastructure.slice(0, 5).map(({ address, action }) => `  ${action} ${address}`),
  ];
  return lines.length === 0 ? [] : [`${first.release} brought:`, ...lines];
}

function errors({ errors: all }: Investigation): string[] {
  return all.length === 0
    ? []
    : [
        "Errors, now and before:",
        ...all
          .slice(0, MOST_ERRORS)
          .flatMap(({ fingerprint, count, before, versions, requestId }) => [
            `  ${count} (${before}) ${fingerprint}${versions.length === 0 ? "" : `, version ${versions.join(", ")}`}${requestId === undefined ? "" : `, such as request ${requestId}`}`,
          ]),
      ];
}

function numbers({ numbers: all }: Investigation): string[] {
  const news = all.filter(({ before, now }) => {
    const [was, is] = [before ?? 0, now ?? 0];
    return is !== was && Math.max(is, was) >= NEWS_FACTOR * Math.min(is, was);
  });
  return news.length === 0
    ? []
    : [
        "Numbers, before and now:",
        ...news
          .slice(0, MOST_NUMBERS)
          .map(({ of, name, unit, before, now }) => `  ${of}: ${name} ${before ?? "-"} -> ${now ?? "-"} ${unit}`),
      ];
}

function alarms({ alarms: all }: Investigation): string[] {
  return all.length === 0
    ? []
    : ["Alarms:", ...all.slice(-MOST_ALARMS).map(({ at, alarm, to }) => `  ${clockTime(at)} ${alarm}: ${to}`)];
}

function dependencies({ dependencies: all }: Investigation): string[] {
  return all.length === 0
    ? []
    : [
        "Calls to others that failed:",
        ...all.slice(0, MOST_DEPENDENCIES).map(({ name, failed }) => `  ${name}: ${failed}`),
      ];
}

function costs({ costs: all }: Investigation): string[] {
  return all.length === 0
    ? []
    : ["Costs much more than before:", ...all.map(({ of, before, now }) => `  ${of}: ${before} -> ${now}`)];
}

function sources({ sources: all }: Investigation): string[] {
  return all
    .filter(({ state }) => state !== "answered")
    .map(
      ({ source, state, why }) =>
        `${state === "in-part" ? "In part" : "Without"} ${source}: ${why ?? (state === "down" ? "it is down" : "it was too late")}.`,
    );
}

function clockTime(iso: string): string {
  return utcTime(Date.parse(iso));
}

function span(from: string, to: string): string {
  const minutes = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
