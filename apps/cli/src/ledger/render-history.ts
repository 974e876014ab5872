import type { ReleaseRecord } from "@slipway/release-engine";
import { formatSpan, formatTime } from "../charts/format-time.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { fittedTable } from "../terminal/fitted-table.ts";
import type { Operation } from "./operations-of.ts";
import { commitWords, durationOf, STATE_WORDS, versionWords } from "./release-words.ts";

export interface History {
  readonly environment: string;
  readonly target: string;
  /** What a command on the same target needs: ` --local`. */
  readonly flags: string;
  /** The newest first. */
  readonly releases: readonly ReleaseRecord[];
  /** What was done beside them, the newest first. */
  readonly operations: readonly Operation[];
  /** Whether there are older ones of either. */
  readonly isCut: boolean;
}

/** Releases for people: a line for each, and why those that are not live are not; below them what else was done. */
export function renderHistory(history: History, columns: number): string {
  const { environment, target, flags, releases, operations, isCut } = history;
  const [newest] = releases;
  const hints = [
    ...(isCut ? ["Older ones: --limit N."] : []),
    ...(newest === undefined ? [] : [`One of them: slipway show ${environment} ${newest.id}${flags}`]),
  ];
  return [
    newest === undefined ? `${environment} on ${target} has no releases yet.\n` : renderReleases(history, columns),
    operations.length === 0
      ? ""
      : `\nBeside releases\n\n${operations.flatMap((each) => lineOf(each, columns)).join("\n")}\n`,
    hints.length === 0 ? "" : `\n${hints.join(" ")}\n`,
  ].join("");
}

/** In full: what is cut says little of a backup. */
function lineOf({ at, by, what }: Operation, columns: number): string[] {
  return wrapText(escapeControls(`${formatTime(Date.parse(at))} ${what} (${nameOf(by)})`), columns, "");
}

function renderReleases({ environment, target, releases }: History, columns: number): string {
  const rows = releases.map((release) => {
    const took = durationOf(release);
    return [
      release.id,
      STATE_WORDS[release.state],
      commitWords(release.plan.source),
      formatTime(Date.parse(release.startedAt)),
      took === undefined ? "" : formatSpan(took),
      versionWords(release.functions, release.state),
      nameOf(release.startedBy),
    ].map((cell) => escapeControls(cell));
  });
  const heading = ["release", "state", "commit", "begun", "took", "versions", "by"];
  const reasons = releases
    .filter(({ state, reason }) => reason !== undefined && state !== "live" && state !== "superseded")
    .flatMap(({ id, reason = "", next }) =>
      wrapText(escapeControls(`${id}: ${reason}${next === undefined ? "" : ` Next: ${next}`}`), columns, ""),
    );
  return [
    `${environment} on ${target}, the newest first\n\n`,
    fittedTable([heading, ...rows], columns).text,
    ...(reasons.length === 0 ? [] : [`\n${reasons.join("\n")}\n`]),
  ].join("");
}

function nameOf(by: string): string {
  return by.replace(/ <[^>]*>$/, "");
}

/** The same as one JSON document. */
export function historyJson({ environment, target, releases, operations, isCut }: History): object {
  return {
    ...{ version: 1, environment, target },
    releases: releases.map((release) => ({
      ...releaseJson(release),
      checkpoints: Object.fromEntries(
        Object.entries(release.checkpoints).map(([window, { verdict, at }]) => [window, { verdict, at }]),
      ),
    })),
    operations,
    isCut,
  };
}

/** What a release is, without its steps. */
export function releaseJson(release: ReleaseRecord): object {
  const { id, state, plan, authors, startedAt, startedBy, liveAt, endedAt, reason, next, functions } = release;
  return {
    ...{ release: id, state, source: plan.source, previous: plan.previous, authors, startedBy, startedAt },
    ...{ liveAt: liveAt ?? null, endedAt: endedAt ?? null, durationMs: durationOf(release) ?? null },
    ...{ reason: reason ?? null, next: next ?? null, functions },
  };
}
