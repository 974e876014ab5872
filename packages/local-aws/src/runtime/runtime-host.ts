import type { Clock } from "../core/clock.ts";
import type { Credential } from "../core/credentials.ts";
import type { LogSink } from "../core/ports.ts";
import type { CodeFolders } from "./code-folders.ts";
import type { FunctionSpec } from "./function-spec.ts";
import type { DecideLogAccess } from "./log-access.ts";
import type { FindNode } from "./node-binaries.ts";
import type { MemoryWatch } from "./process-memory.ts";
import type { Reaper } from "./reaper.ts";

/** Times and limits of execution environments; all on the wall clock. */
export interface RuntimeOptions {
  /** How long an initialization may take before it is repeated within the invocation. */
  readonly initTimeoutMs: number;
  /** An environment that has been idle for so long is dropped. */
  readonly idleTimeoutMs: number;
  /** An environment that is so old is dropped when it is idle: its credentials end after twice that time. */
  readonly maxAgeMs: number;
  /** Processes at a time; further invocations wait for one. What AWS allows and what this machine can hold are different things. */
  readonly maxEnvironments: number;
}

/** What all execution environments share. */
export interface RuntimeHost {
  readonly region: string;
  readonly clock: Clock;
  readonly endpoint: () => string;
  readonly logs: LogSink;
  readonly logAccess: DecideLogAccess;
  readonly code: CodeFolders;
  readonly findNode: FindNode;
  readonly reaper: Reaper;
  readonly memory: MemoryWatch;
  /** Folder that environments have their temporary files below. */
  readonly temporaryRoot: string;
  readonly options: RuntimeOptions;
  /** Credentials of the function's execution role. `release` forgets them. Throws AwsError when the role cannot be assumed. */
  openSession(spec: FunctionSpec): { credentials: Credential; release: () => void };
  /** Asks for the right to start a process; `force` takes it whether there is room or not. */
  takeSlot(force?: boolean): boolean;
  /** A process is gone. */
  freeSlot(): void;
  /** An environment has nothing to do and could make room for others. */
  onIdle(): void;
}
