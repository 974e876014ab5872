import { isDeepStrictEqual } from "node:util";
import { drilledDocuments } from "@slipway/contracts";
import type { DrilledRelease } from "../../ports/drill-stage.ts";
import { demand } from "../demand.ts";
import { DrillFailure } from "../drill-failure.ts";
import type { DrillPath, DrillTools } from "../drill-path.ts";
import { demandReturned, measureReturn } from "../measure-return.ts";

const REASON = ["--reason", "drill"];

/** The traffic goes back to the versions of the earlier release, under users' requests; and forward again, which undoes the rollback. */
export const code: DrillPath = {
  name: "code",
  title: "The traffic goes back to the earlier code",
  needs: "earlier-release",
  async rehearse(tools) {
    const { earlier, current } = tools.ground;
    if (earlier === undefined) {
      throw new DrillFailure("there is no earlier release to go back to");
    }
    const back = await go(tools, [], earlier);
    const forward = await go(tools, ["--to", current.id], current);
    // Then the times say nothing of how long a move takes.
    const same = isDeepStrictEqual(earlier.versions, current.versions)
      ? "; both releases have the same versions, so that no traffic had to move"
      : "";
    return { status: "pass", found: `back: ${back}; forward again: ${forward}${same}` };
  },
};

async function go(tools: DrillTools, where: readonly string[], to: DrilledRelease): Promise<string> {
  const { ground } = tools;
  const measured = await measureReturn(tools, ["rollback", ground.environment, "code", ...where, ...REASON], to);
  const { outcome } = demand(measured.ran, drilledDocuments.rollback);
  if (outcome !== "put-back" && outcome !== "live") {
    throw new DrillFailure(`${measured.ran.command} came to ${outcome}`);
  }
  return demandReturned(measured, ground, to);
}
