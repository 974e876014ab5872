import type { Health } from "@slipway/local-aws";
import { ControlClient } from "../local/control-client.ts";
import { UserError } from "../user-error.ts";
import type { TargetAws } from "./target-aws.ts";

/** A local AWS that a rehearsal may have filled. */
export interface RehearsedLocalAws {
  readonly localAws: Health;
  /** The command that fills it. */
  readonly rehearse: string;
  /** What to throw when it has not been filled. */
  notRehearsed(): UserError;
}

/**
 * Looks at the local AWS that a command works on.
 *
 * @throws UserError when it does not run any more
 */
export async function rehearsedLocalAws(target: TargetAws, environment: string): Promise<RehearsedLocalAws> {
  const port = Number(new URL(target.endpoint ?? "").port);
  const localAws = await new ControlClient(port).health();
  if (localAws === undefined) {
    throw new UserError(`${target.label} has just stopped. Start it again, then type the same command again.`);
  }
  const rehearse = `slipway rehearse ${environment} --once --port ${port}`;
  return {
    localAws,
    rehearse,
    notRehearsed: () => new UserError(`Nothing was rehearsed on ${target.label} yet. Rehearse it first: ${rehearse}`),
  };
}
