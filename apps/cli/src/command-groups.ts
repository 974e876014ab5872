/** What the groups of commands are about. */
export const groups: Readonly<Record<string, string>> = {
  incident: "what goes wrong in an environment: who is at it, what was found out and done, whether it is over",
  ledger: "the history of all releases of an environment",
  state: "the Terraform state of an environment, where it is lost or damaged (for all else: slipway rollback)",
  local: "local AWS: an embedded AWS on loopback, for rehearsals",
};
