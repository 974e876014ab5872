import {
  type FunctionReader,
  otherTargets,
  ReleaseError,
  type RollbackQuestion,
  type RollbackWay,
  systemClock,
} from "@slipway/release-engine";
import { targetsOf } from "./targets-of.ts";

/** Lambda takes fifteen such calls a second: those of more functions would take away what moving their aliases needs. */
const MOST_LOOKED_AT = 15;
const PATIENCE_MS = 3_000;

/**
 * Looks, before anything begins, whether the versions are there that the traffic is to go to: where one was deleted, some functions would go
 * back and that one would stay. What cannot be seen in a moment stops nothing.
 *
 * @throws ReleaseError `not-found`, naming each version and where else the traffic can go
 */
export async function assertTargetsThere(
  reader: Pick<FunctionReader, "readFunction">,
  decision: RollbackWay,
  question: Pick<RollbackQuestion, "environment" | "records" | "flags" | "to">,
): Promise<void> {
  // What is under way, or unfinished, goes on: it is split already. Unless its traffic goes elsewhere than to the versions before.
  const straight = decision.way === "put-back" ? decision.straight : undefined;
  const isNew = decision.way === "release" || (decision.way === "put-back" && decision.record.state === "live");
  const targets = straight ?? (isNew ? targetsOf(decision) : []);
  if (targets.length === 0 || targets.length > MOST_LOOKED_AT) {
    return;
  }
  const waiting = new AbortController();
  const looked = Promise.all(
    targets.map(async ({ functionName, version }) => {
      try {
        const { state, reason } = await reader.readFunction(functionName, version);
        return state === "Failed"
          ? [`version ${version} of ${functionName} is ${state} (${reason ?? "AWS says no more"})`]
          : [];
      } catch (error) {
        if (!(error instanceof ReleaseError)) {
          throw error;
        }
        return error.kind === "not-found" ? [`there is no version ${version} of ${functionName}`] : [];
      }
    }),
  );
  const tooLong = systemClock.sleep(PATIENCE_MS, waiting.signal).then((): string[][] => []);
  const missing = (await Promise.race([looked, tooLong]).finally(() => waiting.abort())).flat();
  if (missing.length > 0) {
    const { environment, flags } = question;
    const before = decision.way === "release" ? decision.to.id : decision.way === "put-back" ? (decision.to ?? "") : "";
    const to = straight === undefined ? before : (question.to ?? "");
    throw new ReleaseError({
      kind: "not-found",
      what: `The traffic of ${environment} cannot go ${to === "" ? "back" : `to ${to}`}; nothing was changed`,
      why: missing.join("; "),
      next: otherTargets(question, to) ?? `slipway history ${environment}${flags}`,
    });
  }
}
