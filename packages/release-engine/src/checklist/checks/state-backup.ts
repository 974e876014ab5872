import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { deployedInputs, HOUR_MS } from "./inputs.ts";

export const stateBackup: ChecklistCheck = {
  name: "state-backup",
  section: "Backup & Recovery",
  title: "Terraform state backup created",
  pace: "quick",
  lifetimeMs: HOUR_MS,
  inputs: deployedInputs,
  async judge({ ports, signal }): Promise<ChecklistFinding[]> {
    const { bucket, versioning } = await ports.recovery.ofStates(signal);
    return versioning === "on"
      ? [{ status: "pass", found: `${bucket} keeps every version of a state` }]
      : [
          {
            ...{ status: "fail", found: `${bucket} is not versioned: a state that is overwritten is gone` },
            next: `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`,
          },
        ];
  },
};
