import type { StepHandler } from "../release/step-handler.ts";
import type { ArtifactShelf } from "./artifact-shelf.ts";
import type { CodeDeps } from "./code-handlers.ts";
import { functionOf } from "./function-of.ts";

/** Builds a function and packs it: the same commit makes the same bytes, so that its digest is its name. */
export function packageStep(deps: CodeDeps, shelf: ArtifactShelf): StepHandler<"code.package"> {
  return async (context) => {
    const { sha256, sha256Base64, bytes } = await shelf.make(functionOf(deps, context), context);
    return {
      outcome: "done",
      summary: `${Math.ceil(bytes.length / 1024)} KB, sha256 ${sha256.slice(0, 12)}`,
      result: { sha256, sha256Base64, bytes: bytes.length },
    };
  };
}
