import type { CommandIo } from "../command.ts";
import type { DeployRequest } from "./deploy-release.ts";
import type { ReleaseOptions, ReleaseSession } from "./release-command.ts";
import { thisActor } from "./this-actor.ts";
import { waiversOf } from "./waivers-of.ts";

/**
 * What a command line asks of a release.
 *
 * @throws UserError when its waivers are not complete
 */
export async function deployRequest(
  { open, target }: ReleaseSession,
  options: ReleaseOptions,
  { cwd: repository, env, signal }: CommandIo,
  name: string,
  command: string,
): Promise<DeployRequest> {
  const actor = await thisActor({ repository, env, principal: open.principal });
  return {
    ...{ name, command, actor, signal, waitFor: options.wait, flags: target.flags },
    waivers: waiversOf(
      options,
      actor.name,
      open.access.clock.now(),
      open.environment.functions.map((each) => each.name),
    ),
    onHeld: () => {},
  };
}
