import type { WriteBack } from "@slipway/release-engine";

/** What an undo has not written, and people have to look at. */
export type Left = Pick<WriteBack, "conflicts" | "unwritable">;

/** What is left where nothing could be written, in whole sentences; undefined where nothing is left. */
export function leftWords({ conflicts, unwritable }: Left): string | undefined {
  const left = [
    ...(conflicts === 0 ? [] : [`${conflicts.toLocaleString("en-US")} were changed by somebody else since`]),
    ...(unwritable === 0 ? [] : [`${unwritable.toLocaleString("en-US")} have too many attributes for one condition`]),
  ];
  return left.length === 0
    ? undefined
    : `Nothing could be written: ${left.join(", ")}. To have them in a file, for people to decide: --conflicts FILE.`;
}
