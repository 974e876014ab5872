import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileState } from "@slipway/aws";
import type { SlipwayConfig } from "@slipway/contracts";
import { rehearsalFolder } from "../rehearsal/rehearsal-folder.ts";
import { type RehearsedLocalAws, rehearsedLocalAws } from "./rehearsed-local-aws.ts";
import type { TargetAws } from "./target-aws.ts";

/** A local AWS whose bootstrap was rehearsed, and what that has left. */
export interface RehearsedBootstrap extends RehearsedLocalAws {
  /** Output values that are not sensitive. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Reads what the bootstrap of a local AWS has left. Its state lies in the rehearsal's working copy: reading it takes neither Terraform
 * nor the rehearsal's lock.
 *
 * @throws UserError when local AWS does not run any more, or nothing was rehearsed on it
 */
export async function rehearsedBootstrap(
  target: TargetAws,
  config: SlipwayConfig,
  environment: string,
  signal: AbortSignal,
): Promise<RehearsedBootstrap> {
  const rehearsed = await rehearsedLocalAws(target, environment);
  const file = join(rehearsalFolder(rehearsed.localAws.dataDir), config.bootstrap.directory, "terraform.tfstate");
  const state = existsSync(file) ? await fileState("bootstrap", file, true).read(signal) : undefined;
  if (state === undefined || Object.keys(state.outputs).length === 0) {
    throw rehearsed.notRehearsed();
  }
  return { ...rehearsed, outputs: state.outputs };
}
