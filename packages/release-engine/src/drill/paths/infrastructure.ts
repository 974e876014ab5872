import { drilledDocuments } from "@slipway/contracts";
import { demand } from "../demand.ts";
import { demandAnswered } from "../demand-answered.ts";
import { DrillFailure } from "../drill-failure.ts";
import type { DrillPath } from "../drill-path.ts";
import { durationWords } from "../duration-words.ts";
import { typeAndApprove } from "../type-and-approve.ts";

const MOST_NAMED = 5;

/** The infrastructure goes back to the commit of the earlier release, under users' requests, and Terraform has nothing to do there then. */
export const infrastructure: DrillPath = {
  name: "infrastructure",
  title: "The infrastructure goes back to the earlier commit",
  needs: "earlier-release",
  async rehearse({ ground }) {
    const { environment } = ground;
    const words = ["rollback", environment, "infrastructure", "--reason", "drill"];
    const { value: answered, traffic } = await ground.underTraffic(() => typeAndApprove(ground, words));
    const { ran, reason, approvals } = answered;
    if (reason !== undefined) {
      return {
        status: "unknown",
        found: `${ran.command} waits for people, as it would on AWS, and nobody can answer in a drill: ${reason}`,
        next: `slipway rollback ${environment} infrastructure --plan shows what would be approved; or waive this with who answers for it`,
      };
    }
    const { outcome, steps } = demand(ran, drilledDocuments.rollback);
    if (outcome !== "live") {
      throw new DrillFailure(`${ran.command} came to ${outcome}`);
    }
    const planned = await ground.slipway(["plan", environment], { files: "earlier" });
    const { changed, resources } = demand(planned, drilledDocuments.plan);
    if (changed) {
      const named = resources.slice(0, MOST_NAMED).map(({ address }) => address);
      throw new DrillFailure(
        `${ran.command} came to its end, but with the earlier files Terraform would still change ${named.join(", ") || "outputs"}`,
      );
    }
    const requests = demandAnswered(traffic, ran);
    // Where it had nothing to change, the way back was open, and nothing of it was shown.
    const plan = steps.find(({ kind }) => kind === "infrastructure.plan")?.summary ?? "not in its report";
    return {
      status: "pass",
      found: `its plan: ${plan}; ${approvals}back in ${durationWords(answered.durationMs)}, ${requests}; with the earlier files Terraform has nothing to do`,
    };
  },
};
