import { stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "@slipway/release-engine";
import { type Left, leftWords } from "./left-words.ts";

/** What a release that takes bad writes back has left for people to look at; undefined where it has left nothing, or is none. */
export function leftBy({ state, steps }: Pick<ReleaseRecord, "state" | "steps">): Left | undefined {
  const { result } = steps.get("data.write-back") ?? {};
  const left = state === "done" ? stepResultSchemas["data.write-back"].safeParse(result).data : undefined;
  return left === undefined || leftWords(left) === undefined ? undefined : left;
}
