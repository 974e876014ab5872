import type { RoleClients, RoleName } from "./role-clients.ts";

/** Something that a role must be able to do beside what Terraform, a release of code and `slipway destroy` do under it. */
export interface Duty {
  readonly role: RoleName;
  /** Goes on from the role's name: `operate` "moves the alias". */
  readonly what: string;
  /** Does it on the rehearsed environment. */
  perform(clients: RoleClients): Promise<unknown>;
  /** Takes away what it left behind and the role itself must not delete, with an administrator's clients. */
  undo?(administrator: RoleClients): Promise<unknown>;
}

/** A duty without its role. */
export type DutyLine = readonly [what: string, perform: Duty["perform"], undo?: Duty["undo"]];
