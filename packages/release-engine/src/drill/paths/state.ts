import { drilledDocuments } from "@slipway/contracts";
import { demand } from "../demand.ts";
import { DrillFailure } from "../drill-failure.ts";
import type { DrillPath } from "../drill-path.ts";
import { durationWords } from "../duration-words.ts";

const NAME = "drill";

/** A state that is lost is put back from a copy, and Terraform has nothing to do then. */
export const state: DrillPath = {
  name: "state",
  title: "A lost Terraform state can be put back",
  needs: "nothing",
  async rehearse({ ground }) {
    const { environment } = ground;
    const made = await ground.slipway(["state", "backup", environment, "--name", NAME]);
    const { serial, resources } = demand(made, drilledDocuments.stateBackup);
    await ground.loseState();
    const listed = await ground.slipway(["state", "list", environment]);
    if (!demand(listed, drilledDocuments.states).backups.some(({ name }) => name === NAME)) {
      throw new DrillFailure(`${listed.command} does not show the copy ${NAME} once the state is lost`);
    }
    const confirm = ["--confirm", `restore the state of ${environment}`];
    const restored = await ground.slipway(["state", "restore", environment, "--backup", NAME, ...confirm]);
    const { outcome, plan, planProblem, ...written } = demand(restored, drilledDocuments.stateRestore);
    if (outcome !== "restored" || written.serial <= serial) {
      throw new DrillFailure(`${restored.command} came to ${outcome}, serial ${written.serial} after ${serial}`);
    }
    if (plan?.changed !== false) {
      throw new DrillFailure(
        `${restored.command} put the state back, but ${planProblem ?? "Terraform would change something then"}`,
      );
    }
    return {
      status: "pass",
      found: `${resources} resources: lost, and put back in ${durationWords(restored.durationMs)}; Terraform has nothing to do`,
    };
  },
};
