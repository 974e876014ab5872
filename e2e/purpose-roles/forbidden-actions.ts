import { forbiddenToBootstrap } from "./forbidden/bootstrap.ts";
import { forbiddenToDeploy } from "./forbidden/deploy.ts";
import { forbiddenToExecution } from "./forbidden/execution.ts";
import { forbiddenToMigrate } from "./forbidden/migrate.ts";
import { forbiddenToOperate } from "./forbidden/operate.ts";
import { forbiddenToPlan } from "./forbidden/plan.ts";
import { forbiddenToProvision } from "./forbidden/provision.ts";
import type { ForbiddenAction, ForbiddenTable } from "./forbidden-action.ts";
import { namesOf, type RehearsedEnvironment } from "./rehearsed-environment.ts";
import type { RoleName } from "./role-clients.ts";

const TABLES: Readonly<Record<RoleName, ForbiddenTable>> = {
  bootstrap: forbiddenToBootstrap,
  plan: forbiddenToPlan,
  provision: forbiddenToProvision,
  deploy: forbiddenToDeploy,
  operate: forbiddenToOperate,
  migrate: forbiddenToMigrate,
  execution: forbiddenToExecution,
};

/** Everything that the roles of the rehearsed environment are known not to be able to do, on names that are really there. */
export function forbiddenActions(environment: RehearsedEnvironment): readonly ForbiddenAction[] {
  const names = namesOf(environment);
  return (Object.keys(TABLES) as RoleName[]).flatMap((role) =>
    TABLES[role](names, environment).map(([what, action, resource, attempt]) => ({
      role,
      what,
      action,
      resource,
      attempt,
    })),
  );
}
