import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { isAlive } from "@slipway/local-aws";
import type { MigrationRunner } from "@slipway/release-engine";
import { thisMachine } from "../release/this-machine.ts";

/** This process, as whoever runs a migration. */
export function thisRunner(): MigrationRunner {
  const machine = thisMachine();
  return {
    name: `${userName()}@${hostname()} (process ${process.pid})`,
    ...(machine === undefined ? {} : { process: { machine, pid: process.pid } }),
    newToken: () => randomUUID(),
    isGone: ({ process: holder }) => holder !== undefined && holder.machine === machine && !isAlive(holder.pid),
  };
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "somebody";
  }
}
