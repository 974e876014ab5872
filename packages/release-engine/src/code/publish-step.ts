import type { StepContext, StepHandler } from "../release/step-handler.ts";
import type { CodeDeps } from "./code-handlers.ts";
import { functionOf } from "./function-of.ts";
import { publishCode } from "./publish-code.ts";
import { releaseTarget } from "./release-target.ts";

/** Makes a version of a function that nobody is sent to yet, unless the one behind the alias is what is released. */
export function publishStep(deps: CodeDeps): StepHandler<"code.publish"> {
  return async (context) => {
    const config = functionOf(deps, context);
    const { functionName, alias } = releaseTarget(config, context);
    const { bucket, key, sha256Base64 } = artifactOf(config.name, context);
    const { version, previousVersion, changed } = await publishCode(
      { reader: deps.reader, deployer: deps.deployer, clock: deps.systemClock },
      { functionName, alias, bucket, key, sha256Base64, line: context.line, signal: context.signal },
    );
    return {
      outcome: changed ? "done" : "nothing-to-do",
      summary: changed
        ? `version ${version} of ${functionName}; ${alias} is at version ${previousVersion}`
        : `version ${version} of ${functionName} has this code and configuration already`,
      result: { functionName, alias, version, previousVersion, changed },
    };
  };
}

/** What is released: of a rollback what was uploaded when it was new, and otherwise what this release has uploaded. */
function artifactOf(name: string, { plan, result }: StepContext) {
  const returned = plan.rollsBack?.functions.find((each) => each.function === name);
  if (returned !== undefined) {
    return returned.artifact;
  }
  const { sha256Base64 } = result("code.package", `code.package.${name}`);
  return { sha256Base64, ...result("code.upload", `code.upload.${name}`) };
}
