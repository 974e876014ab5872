import type { Clock } from "../ports/clock.ts";
import type { AliasMove, FunctionDeployer } from "../ports/functions.ts";
import { ReleaseError } from "../release-error.ts";
import { PASSING_FAILURES } from "./passing-failures.ts";

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;

/**
 * Points an alias at a version, whatever it was at before: for who goes back and knows where to. It is the one call, and again only where it
 * may come out otherwise; it can be repeated, and its answer says where the alias is.
 *
 * @returns why it could not be done; undefined when it is
 * @throws {ReleaseError} `fenced`: nothing was changed, and the lease is gone
 */
export async function moveAlias(
  { deployer, clock }: { readonly deployer: Pick<FunctionDeployer, "moveAlias">; readonly clock: Pick<Clock, "sleep"> },
  { functionName, alias, version }: Pick<AliasMove, "functionName" | "alias" | "version">,
): Promise<ReleaseError | undefined> {
  for (let attempt = 1, pauseMs = FIRST_PAUSE_MS; ; attempt += 1, pauseMs *= 2) {
    try {
      await deployer.moveAlias({ functionName, alias, version });
      return undefined;
    } catch (error) {
      if (!(error instanceof ReleaseError) || error.kind === "fenced") {
        throw error;
      }
      if (attempt === ATTEMPTS || !PASSING_FAILURES.has(error.kind)) {
        return error;
      }
      await clock.sleep(pauseMs);
    }
  }
}
