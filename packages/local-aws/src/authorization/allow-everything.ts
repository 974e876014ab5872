import type { Authorizer } from "../core/access.ts";

/** What `--no-iam` decides with: everybody may do everything, whatever policies say. */
export const allowEverything: Authorizer = {
  isEnforced: false,
  decide: () => ({ allowed: true, by: [] }),
  require: () => {},
  decideForRole: () => ({ allowed: true, by: [] }),
  decideForService: () => ({ allowed: true, by: [] }),
  decideForFederated: () => ({ allowed: true, by: [] }),
};
