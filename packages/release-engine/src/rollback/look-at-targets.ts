import { inWords } from "../canary/set-alias.ts";
import { spacedCalls } from "../canary/spaced-calls.ts";
import type { Clock } from "../ports/clock.ts";
import type { FunctionReader } from "../ports/functions.ts";
import { ReleaseError } from "../release-error.ts";

/** Where a function is by the ledger, and where it is to go. */
export interface TargetVersion {
  readonly functionName: string;
  readonly alias: string;
  readonly from: string;
  readonly version: string;
  /** SHA-256 of its code in hexadecimal, where the ledger has it. */
  readonly artifactSha256?: string;
}

/**
 * Looks whether the versions that a rollback goes to are there, can run, and have the code that the ledger says, and whether the aliases are
 * where the ledger says. It changes nothing.
 *
 * @returns sentences: what is wrong, and what nobody could see
 */
export async function lookAtTargets(
  { reader, systemClock }: { readonly reader: FunctionReader; readonly systemClock: Clock },
  targets: readonly TargetVersion[],
): Promise<{ readonly problems: readonly string[]; readonly unknown: readonly string[] }> {
  const problems: string[] = [];
  const unknown: string[] = [];
  const look = async (what: string, call: () => Promise<void>) => {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof ReleaseError)) {
        throw error;
      }
      const sentence = `${what}: ${error.why.replaceAll("\n", " ")}`;
      (error.kind === "not-found" ? problems : unknown).push(sentence);
    }
  };
  await spacedCalls(systemClock, targets, 2, async ({ functionName, alias, from, version, artifactSha256 }) => {
    await Promise.all([
      look(`version ${version} of ${functionName}`, async () => {
        const { state, codeSha256, reason } = await reader.readFunction(functionName, version);
        if (state !== "Active") {
          const why = reason === undefined ? "" : ` (${reason})`;
          problems.push(`version ${version} of ${functionName} is ${state}, and cannot run at once${why}`);
        }
        const digest = Buffer.from(codeSha256, "base64").toString("hex");
        if (artifactSha256 !== undefined && digest !== artifactSha256) {
          problems.push(
            `version ${version} of ${functionName} has the code ${digest.slice(0, 12)}, not ${artifactSha256.slice(0, 12)} as the ledger says`,
          );
        }
      }),
      look(`the alias ${alias} of ${functionName}`, async () => {
        const seen = await reader.readAlias(functionName, alias);
        if (seen.version !== from && seen.version !== version) {
          problems.push(
            `the alias ${alias} of ${functionName} is ${inWords(seen)}, where nobody by the ledger has put it (it says ${from})`,
          );
        }
      }),
    ]);
  });
  return { problems, unknown };
}
