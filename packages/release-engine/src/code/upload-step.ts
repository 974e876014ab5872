import { assertSourceUnchanged } from "../release/assert-source-unchanged.ts";
import type { StepHandler } from "../release/step-handler.ts";
import { artifactKey } from "./artifact-key.ts";
import type { ArtifactShelf } from "./artifact-shelf.ts";
import type { CodeDeps } from "./code-handlers.ts";
import { functionOf } from "./function-of.ts";
import { releaseTarget } from "./release-target.ts";

/** Brings a function's artifact to its bucket, unless it is there: a conditional write under its digest looks and acts at once. */
export function uploadStep(deps: CodeDeps, shelf: ArtifactShelf): StepHandler<"code.upload"> {
  return async (context) => {
    const config = functionOf(deps, context);
    const artifact = await shelf.find(config, context.result("code.package", `code.package.${config.name}`), context);
    const { functionName, bucket } = releaseTarget(config, context);
    const key = artifactKey(functionName, artifact);
    const { bytes, sha256Base64 } = artifact;
    // The files have been built by now: had they changed on the way, what was built would be neither the one nor the other.
    await assertSourceUnchanged(deps.source, context, `${config.name} is uploaded`, deps.flags);
    const put = await deps.store.putOnce({ bucket, key, bytes, sha256Base64 });
    return {
      outcome: put === "stored" ? "done" : "nothing-to-do",
      summary: `s3://${bucket}/${key}${put === "stored" ? "" : " was there already"}`,
      result: { bucket, key },
    };
  };
}
