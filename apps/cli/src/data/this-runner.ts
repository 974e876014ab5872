import { createHash, randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { isAlive } from "@slipway/local-aws";
import type { MigrationRunner } from "@slipway/release-engine";

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

/**
 * Tells whether process ids mean the same here and there: since this boot, and in this container. Nobody knows where there is no /proc; then
 * a hold just has to expire.
 */
function thisMachine(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const namespace = readlinkSync("/proc/self/ns/pid");
    return createHash("sha256").update(`${boot} ${namespace}`).digest("hex").slice(0, 16);
  } catch {
    return undefined;
  }
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "somebody";
  }
}
