import type { LedgerEntry } from "@slipway/contracts";
import { type TimeWindow, trafficWindow } from "@slipway/release-engine";
import { parseMoment } from "../parse-time-range.ts";
import { UserError } from "../user-error.ts";
import type { UndoOptions } from "./undo-options.ts";

/**
 * The window that flags mean, in whole seconds: moments between them are rounded away from it.
 *
 * @param now the time on the target
 * @throws UserError when it is not said, or said by how long ago it was: the same command has to mean the same window again
 */
export function readWindow(
  { since, until, release }: Pick<UndoOptions, "since" | "until" | "release">,
  entries: readonly LedgerEntry[],
  now: number,
): TimeWindow {
  const known = release === undefined ? undefined : windowOfRelease(release, entries);
  const begin = since === undefined ? known?.from : Math.floor(moment("--since", since, now) / 1000) * 1000;
  const end = until === undefined ? known?.to : Math.ceil(moment("--until", until, now) / 1000) * 1000;
  if (begin === undefined) {
    throw new UserError("--since: is missing. Give the second right before the first bad write, or --release.");
  }
  if (end === undefined) {
    throw new UserError(
      release === undefined
        ? "--until: is missing. Give the second after the last bad write."
        : `--until: is missing: ${release} still has traffic. Put it back first (slipway rollback), or give the second after the last bad write.`,
    );
  }
  return { from: begin, to: end };
}

function windowOfRelease(release: string, entries: readonly LedgerEntry[]) {
  if (!entries.some((entry) => entry.release === release)) {
    throw new UserError(`--release: the ledger has no release '${release}'. See slipway history.`);
  }
  const window = trafficWindow(entries, release);
  if (window === undefined) {
    throw new UserError(`--release: ${release} never had any traffic, so it has written nothing.`);
  }
  return window;
}

function moment(flag: string, text: string, now: number): number {
  if (text.trim() === "now" || /^(\d+(\.\d+)?[smhdw])+$/.test(text.trim())) {
    throw new UserError(
      `${flag}: '${text}' is another moment each time. Give one that stays, such as 14:30:05 or 2026-11-28T14:30:05 (UTC).`,
    );
  }
  return parseMoment(flag, text, now);
}
