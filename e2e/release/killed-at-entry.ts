import type { Lab } from "./lab.ts";
import type { KillKind, ReleaseProcess } from "./release-process.ts";

/** Where a command is killed: at the so-many-th entry, from 1, that it adds to the ledger. */
export interface EntryKill {
  readonly entry: number;
  readonly when: "before" | "after";
  readonly kind: KillKind;
}

/** Starts a command that is killed when it writes an entry. One that writes fewer of them ends by itself. */
export function killedAtEntry(lab: Lab, { entry, when, kind }: EntryKill, start: () => ReleaseProcess): ReleaseProcess {
  let running: ReleaseProcess | undefined;
  let seen = 0;
  lab.proxy.begin(({ addsEntry }) => {
    seen += addsEntry ? 1 : 0;
    return addsEntry && seen === entry ? { when, run: () => running?.kill(kind) } : undefined;
  });
  running = start();
  return running;
}
