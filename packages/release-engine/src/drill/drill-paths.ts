import type { DrillPath } from "./drill-path.ts";
import { backup } from "./paths/backup.ts";
import { code } from "./paths/code.ts";
import { infrastructure } from "./paths/infrastructure.ts";
import { restore } from "./paths/restore.ts";
import { state } from "./paths/state.ts";
import { undo } from "./paths/undo.ts";

/** Every way back that a drill rehearses, in the order in which it does. */
export const drillPaths: readonly DrillPath[] = [code, infrastructure, restore, undo, backup, state];
