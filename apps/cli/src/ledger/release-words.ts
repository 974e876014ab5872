import type { ReleasedFunction, SourceRevision } from "@slipway/contracts";
import type { ReleaseRecord } from "@slipway/release-engine";

/** States that people have to know of stand out. */
export const STATE_WORDS: Readonly<Record<ReleaseRecord["state"], string>> = {
  running: "RUNNING",
  paused: "PAUSED",
  live: "live",
  done: "done",
  failed: "FAILED",
  "put-back": "PUT BACK",
  superseded: "superseded",
};

/** `1a2b3c4`, `1a2b3c4+` with changes that were not committed. */
export function commitWords({ commit, dirty }: SourceRevision): string {
  return commit === null ? "no commit" : `${commit.slice(0, 7)}${dirty ? "+" : ""}`;
}

/** `api-handler 3 -> 4, authorizer 2`; where it was put back `api-handler 3 (not 4)`. */
export function versionWords(functions: readonly ReleasedFunction[], state: ReleaseRecord["state"]): string {
  return functions
    .map(({ name, version, previousVersion }) => {
      if (version === previousVersion) {
        return `${name} ${version}`;
      }
      return state === "put-back" || state === "failed"
        ? `${name} ${previousVersion} (not ${version})`
        : `${name} ${previousVersion} -> ${version}`;
    })
    .join(", ");
}

/** How long a release took until it was live or over, in milliseconds; undefined where it is neither. */
export function durationOf({ startedAt, liveAt, endedAt, state }: ReleaseRecord): number | undefined {
  const until = state === "live" || state === "superseded" ? (liveAt ?? endedAt) : endedAt;
  return until === undefined ? undefined : Date.parse(until) - Date.parse(startedAt);
}
