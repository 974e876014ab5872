import { type StepResult, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** What a rollback has found once the traffic was back; undefined where nobody has looked, as with any other release. */
export function verifiedOf({ steps }: Pick<ReleaseRecord, "steps">): StepResult<"traffic.verify"> | undefined {
  const found = [...steps.values()].findLast(({ kind }) => kind === "traffic.verify")?.result;
  return stepResultSchemas["traffic.verify"].safeParse(found).data;
}
