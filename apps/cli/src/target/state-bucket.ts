import type { SlipwayConfig } from "@slipway/contracts";
import { UserError } from "../user-error.ts";

/**
 * The bucket that the states lie in on AWS.
 *
 * @throws UserError when the configuration does not name it
 */
export function stateBucket({ bootstrap }: SlipwayConfig): string {
  if (bootstrap.state === undefined) {
    throw new UserError(
      "bootstrap.state: is not in slipway.config.ts, so nothing says where the states lie. Add `state: { bucket: NAME }` with the bucket that the bootstrap made.",
    );
  }
  return bootstrap.state.bucket;
}
