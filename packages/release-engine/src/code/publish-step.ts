import type { StepContext, StepHandler } from "../release/step-handler.ts";
import type { CodeDeps } from "./code-handlers.ts";
import { functionOf } from "./function-of.ts";
import { type PublishRequest, publishCode } from "./publish-code.ts";
import { releaseTarget } from "./release-target.ts";

/** What is published: what this release has uploaded, or what a rollback knows from the ledger. */
function artifactOf(
  { plan, result }: StepContext,
  name: string,
): Pick<PublishRequest, "sha256Base64" | "bucket" | "key"> {
  const returned = plan.rollsBack?.functions.find((each) => each.function === name);
  if (returned !== undefined) {
    return returned.artifact;
  }
  const { sha256Base64 } = result("code.package", `code.package.${name}`);
  return { sha256Base64, ...result("code.upload", `code.upload.${name}`) };
}

/** Makes a version of a function that nobody is sent to yet, unless the one behind the alias is what is released. */
export function publishStep(deps: CodeDeps): StepHandler<"code.publish"> {
  return async (context) => {
    const config = functionOf(deps, context);
    const { functionName, alias } = releaseTarget(config, context);
    const { sha256Base64, bucket, key } = artifactOf(context, config.name);
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
