import type { Names, RehearsedEnvironment } from "./rehearsed-environment.ts";
import type { RoleClients, RoleName } from "./role-clients.ts";

/** Something that a role must not be able to do. */
export interface ForbiddenAction {
  readonly role: RoleName;
  /** Goes on from the role's name: `plan` "writes its own state". */
  readonly what: string;
  /** As the denial spells it; SNS writes its own name in capitals. */
  readonly action: string;
  /** ARN that the denial names, or `*`. */
  readonly resource: string;
  /** Tries it; rejects with AWS's denial. Nothing is changed if it is denied, and some of it can be destroyed if it is not. */
  attempt(clients: RoleClients): Promise<unknown>;
}

/** One line of a role's table: what, action, resource, attempt. */
export type ForbiddenLine = readonly [
  what: string,
  action: string,
  resource: string,
  attempt: (clients: RoleClients) => Promise<unknown>,
];

/** A role's table. */
export type ForbiddenTable = (names: Names, environment: RehearsedEnvironment) => readonly ForbiddenLine[];
