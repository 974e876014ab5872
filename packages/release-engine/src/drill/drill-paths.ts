import type { DrillPath } from "./drill-path.ts";
import { backup } from "./paths/backup.ts";
import { code } from "./paths/code.ts";
import { state } from "./paths/state.ts";

/** Every way back that a drill rehearses, in the order in which it does. */
export const drillPaths: readonly DrillPath[] = [code, backup, state];
