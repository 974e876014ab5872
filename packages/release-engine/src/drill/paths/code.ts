import { drilledDocuments } from "@slipway/contracts";
import { demand } from "../demand.ts";
import { DrillFailure } from "../drill-failure.ts";
import type { DrillPath } from "../drill-path.ts";
import { demandReturned, measureReturn } from "../measure-return.ts";

/** The traffic goes back to the versions of the release before, under users' requests. */
export const code: DrillPath = {
  name: "code",
  title: "The traffic goes back to the earlier code",
  needs: "earlier-release",
  async rehearse(tools) {
    const { ground } = tools;
    const { earlier, environment } = ground;
    if (earlier === undefined) {
      throw new DrillFailure("there is no earlier release to go back to");
    }
    const back = await measureReturn(tools, ["rollback", environment, "--reason", "drill"], earlier);
    const { outcome } = demand(back.ran, drilledDocuments.rollback);
    if (outcome !== "put-back") {
      throw new DrillFailure(`${back.ran.command} came to ${outcome}`);
    }
    return { status: "pass", found: `back: ${await demandReturned(back, ground, earlier)}` };
  },
};
