import type { EnvironmentConfig } from "@slipway/contracts";
import { UNPROVEN_FUNCTION, waivableChecks } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { nearestNames } from "../terminal/nearest-names.ts";

/**
 * Says which waivers of the configuration waive nothing, because there is no check of that name or no function that it could be about:
 * whoever wrote one believes that something is answered for. It stops nothing, for without the waiver the check decides.
 */
export function warnOfWaivers(
  stderr: CommandIo["stderr"],
  environment: string,
  {
    functions,
    release,
  }: {
    readonly functions: readonly Pick<EnvironmentConfig["functions"][number], "name">[];
    readonly release: Pick<EnvironmentConfig["release"], "waivers">;
  },
): void {
  const names = functions.map(({ name }) => name);
  for (const [index, { check, subject }] of release.waivers.entries()) {
    const wrong = whatIsWrong(check, subject, names);
    if (wrong !== undefined) {
      const [key, why] = wrong;
      stderr.write(
        `slipway: environments.${environment}.release.waivers[${index}].${key}: ${why}; it waives nothing.\n`,
      );
    }
  }
}

function whatIsWrong(
  check: string,
  subject: string | undefined,
  functions: readonly string[],
): readonly [key: string, why: string] | undefined {
  if (!waivableChecks.includes(check)) {
    return ["check", `there is no check ${check}, nearest to it is ${nearestNames(check, waivableChecks)[0]}`];
  }
  if (check === UNPROVEN_FUNCTION && (subject === undefined || !functions.includes(subject))) {
    const has = `expected one of the functions ${functions.join(", ")}`;
    return ["subject", `${has}, got ${subject === undefined ? "none" : JSON.stringify(subject)}`];
  }
  return undefined;
}
