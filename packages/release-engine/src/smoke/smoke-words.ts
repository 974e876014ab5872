import type { SmokeResult } from "@slipway/contracts";

/** `12 steps passed in 1.2 s; 2 left out: only the gateway can answer them`. */
export function summaryOf({ steps, cleanup, durationMs }: SmokeResult): string {
  const all = [...steps, ...cleanup];
  const passed = all.filter(({ outcome }) => outcome === "passed").length;
  const leftOut = all.filter(({ outcome }) => outcome === "left-out").length;
  const rest =
    leftOut === 0 ? "" : `; ${leftOut} left out: only the gateway can answer ${leftOut === 1 ? "it" : "them"}`;
  return `${passed} ${passed === 1 ? "step" : "steps"} passed in ${(durationMs / 1_000).toFixed(1)} s${rest}`;
}

/** The first that failed; how many more there are. */
export function failureOf({ steps, cleanup }: SmokeResult): string {
  const failed = [...steps, ...cleanup].filter(({ outcome }) => outcome === "failed");
  const [first] = failed;
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : "";
  return first === undefined
    ? "nothing was asked"
    : `"${first.name}" (${first.request}): ${(first.message ?? "failed").replaceAll("\n", " ")}${more}`;
}
