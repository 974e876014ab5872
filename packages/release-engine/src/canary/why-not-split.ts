import type { FunctionReader, FunctionState } from "../ports/functions.ts";
import type { PublishedFunction } from "./published-functions.ts";

/**
 * Why Lambda would not let an alias split the traffic between the old and the new version: both have to be published, and to have the
 * same role and the same dead-letter target.
 *
 * @returns undefined where it would
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
 */
export async function whyNotSplit(
  reader: FunctionReader,
  functions: readonly PublishedFunction[],
): Promise<string | undefined> {
  for (const { name, functionName, version, previousVersion } of functions) {
    if (previousVersion === "$LATEST") {
      return `the alias of ${name} is at $LATEST, which can have no share`;
    }
    const [old, fresh] = await Promise.all([
      reader.readFunction(functionName, previousVersion),
      reader.readFunction(functionName, version),
    ]);
    const differs = (what: string, of: (state: FunctionState) => string | undefined) =>
      of(old) === of(fresh)
        ? undefined
        : `version ${version} of ${name} has another ${what} (${of(fresh) ?? "none"}) than version ${previousVersion} (${of(old) ?? "none"}), and Lambda splits traffic only between versions with the same`;
    const why =
      differs("role", ({ role }) => role) ?? differs("dead-letter target", ({ deadLetterTarget }) => deadLetterTarget);
    if (why !== undefined) {
      return why;
    }
  }
  return undefined;
}
