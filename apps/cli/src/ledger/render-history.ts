import type { ReleaseRecord } from "@slipway/release-engine";
import { formatSpan, formatTime } from "../charts/format-time.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { fittedTable } from "../terminal/fitted-table.ts";
import { commitWords, durationOf, STATE_WORDS, versionWords } from "./release-words.ts";

export interface History {
  readonly environment: string;
  readonly target: string;
  /** What a command on the same target needs: ` --local`. */
  readonly flags: string;
  /** The newest first. */
  readonly releases: readonly ReleaseRecord[];
  /** Whether there are older ones. */
  readonly isCut: boolean;
}

/** Releases for people: a line for each, and why those that are not live are not. */
export function renderHistory({ environment, target, flags, releases, isCut }: History, columns: number): string {
  if (releases.length === 0) {
    return `${environment} on ${target} has no releases yet.\n`;
  }
  const rows = releases.map((release) => {
    const took = durationOf(release);
    return [
      release.id,
      STATE_WORDS[release.state],
      commitWords(release.plan.source),
      formatTime(Date.parse(release.startedAt)),
      took === undefined ? "" : formatSpan(took),
      versionWords(release.functions, release.state),
      release.startedBy.replace(/ <[^>]*>$/, ""),
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
    `\n${isCut ? "Older ones: --limit N. " : ""}One of them: slipway show ${environment} ${releases[0]?.id}${flags}\n`,
  ].join("");
}

/** The same as one JSON document. */
export function historyJson({ environment, target, releases, isCut }: History): object {
  return {
    ...{ version: 1, environment, target },
    releases: releases.map((release) => ({
      ...releaseJson(release),
      checkpoints: Object.fromEntries(
        Object.entries(release.checkpoints).map(([window, { verdict, at }]) => [window, { verdict, at }]),
      ),
    })),
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
