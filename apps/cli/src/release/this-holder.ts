import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { Actor, Holder } from "@slipway/contracts";
import { thisMachine } from "./this-machine.ts";

/** This process, as a holder of the lease that others are told about. */
export function thisHolder(actor: Actor, command: string): Holder {
  const machine = thisMachine();
  const state = stateOf(process.pid);
  return {
    id: randomUUID(),
    actor,
    host: hostname(),
    pid: process.pid,
    command,
    ...(machine === undefined ? {} : { machine }),
    ...(state === undefined ? {} : { processStart: state.start }),
  };
}

/**
 * Whether a holder is known to be dead: it ran on this machine since its last start, and its process is not there any more, has ended and is
 * only not buried yet, or its id was given to another one. Of another machine nobody knows.
 */
export function holderIsGone({ machine, pid, processStart }: Holder): boolean {
  if (machine === undefined || machine !== thisMachine()) {
    return false;
  }
  const state = stateOf(pid);
  return (
    state === undefined || /[ZXx]/.test(state.state) || (processStart !== undefined && processStart !== state.start)
  );
}

/** A process's state and start, in clock ticks since the boot: proc_pid_stat(5), fields 3 and 22. Undefined where there is no such process. */
function stateOf(pid: number): { readonly state: string; readonly start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, and may have anything in it.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", start: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}
