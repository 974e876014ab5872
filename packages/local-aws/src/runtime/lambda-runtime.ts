import { rmSync } from "node:fs";
import { totalmem } from "node:os";
import { join } from "node:path";
import type { Core } from "../core/core.ts";
import type { Credential } from "../core/credentials.ts";
import type { LogSink } from "../core/ports.ts";
import { openCodeFolders } from "./code-folders.ts";
import { EnvironmentPool } from "./environment-pool.ts";
import type { FunctionSpec, Invocation, InvocationOutcome } from "./function-spec.ts";
import type { DecideLogAccess } from "./log-access.ts";
import { createNodeFinder, type FindNode } from "./node-binaries.ts";
import { createMemoryWatch } from "./process-memory.ts";
import { createReaper } from "./reaper.ts";
import type { RuntimeHost, RuntimeOptions } from "./runtime-host.ts";

/** What the runtime asks of the rest of local AWS. */
export interface RuntimeDependencies {
  readonly logs: LogSink;
  /** What execution roles may do to the logs of their functions. */
  readonly logAccess: DecideLogAccess;
  /** Temporary credentials of a function's execution role, on the wall clock. */
  readonly issueCredentials: (spec: FunctionSpec, durationSeconds: number) => Credential;
  readonly findNode?: FindNode;
}

/** Runs functions. */
export interface LambdaRuntime {
  /**
   * Runs one invocation in an execution environment of this version: a warm one, or a new one.
   *
   * @throws AwsError when the execution role cannot be assumed
   * @throws Error when local AWS stops meanwhile
   */
  run(spec: FunctionSpec, invocation: Invocation): Promise<InvocationOutcome>;
  /** Unpacks a version's code ahead of its first invocation. Throws ZipError when that is impossible. */
  prepare(spec: Pick<FunctionSpec, "codeSha256" | "readPackage">): void;
  /** Drops the environments of a version, or of all versions, of a function, as soon as they are idle. */
  retire(functionName: string, version?: string): void;
  /** Removes unpacked code that no version needs any longer. */
  keepCode(codeSha256s: ReadonlySet<string>): void;
  /** Kills every process and settles when they are gone. */
  close(): Promise<void>;
}

const SWEEP_INTERVAL_MS = 15_000;
const HOUR_MS = 3_600_000;
/** What a small function's process really takes. */
const MEMORY_PER_ENVIRONMENT = 128 * 1024 * 1024;

const DEFAULTS: RuntimeOptions = {
  initTimeoutMs: 10_000,
  idleTimeoutMs: 5 * 60_000,
  maxAgeMs: 6 * HOUR_MS,
  maxEnvironments: Math.max(8, Math.min(1000, Math.floor(totalmem() / MEMORY_PER_ENVIRONMENT))),
};

/** Makes a {@link LambdaRuntime}. No process starts before the first invocation. */
export function createLambdaRuntime(
  core: Core,
  dependencies: RuntimeDependencies,
  overrides: Partial<RuntimeOptions> = {},
): LambdaRuntime {
  const options: RuntimeOptions = { ...DEFAULTS, ...overrides };
  const pools = new Map<string, EnvironmentPool>();
  const retired = new Set<EnvironmentPool>();
  const temporaryRoot = join(core.store.directory, "lambda", "tmp");
  // What environments of a process that was killed have left behind.
  rmSync(temporaryRoot, { recursive: true, force: true });
  let slots = options.maxEnvironments;
  let sweeper: NodeJS.Timeout | undefined;
  let closing = false;
  let closed = false;

  const everyPool = () => [...pools.values(), ...retired];
  const host: RuntimeHost = {
    region: core.region,
    clock: core.clock,
    endpoint: core.endpoint,
    logs: {
      // What comes out of a pipe after the end finds no log any longer.
      append: (...entry) => closed || dependencies.logs.append(...entry),
    },
    logAccess: dependencies.logAccess,
    code: openCodeFolders(join(core.store.directory, "lambda", "code")),
    findNode: dependencies.findNode ?? createNodeFinder(),
    reaper: createReaper(),
    memory: createMemoryWatch(),
    temporaryRoot,
    options,
    openSession(spec) {
      const credentials = dependencies.issueCredentials(spec, (2 * options.maxAgeMs) / 1000);
      return { credentials, release: () => core.credentials.delete(credentials.accessKeyId) };
    },
    takeSlot(force = false) {
      if (slots <= 0 && !force) {
        // Idle environments of other versions make room.
        everyPool().some((pool) => pool.evictOne());
      }
      if (slots <= 0 && !force) {
        return false;
      }
      slots--;
      return true;
    },
    freeSlot() {
      slots++;
      if (!closing) {
        // Not within the caller, which may be about to take the room itself.
        setImmediate(startWaiting);
      }
    },
    onIdle() {
      if (slots <= 0) {
        setImmediate(startWaiting);
      }
    },
  };

  function startWaiting(): void {
    for (const pool of everyPool()) {
      pool.startMissing();
    }
  }

  function sweep(): void {
    for (const pool of everyPool()) {
      pool.reap(options.idleTimeoutMs, options.maxAgeMs);
    }
    for (const pool of retired) {
      if (pool.isEmpty) {
        retired.delete(pool);
      }
    }
  }

  function retirePool(key: string, pool: EnvironmentPool): void {
    pools.delete(key);
    pool.retire();
    if (!pool.isEmpty) {
      retired.add(pool);
    }
  }

  function poolOf(spec: FunctionSpec): EnvironmentPool {
    const key = `${spec.functionName}:${spec.version}`;
    const known = pools.get(key);
    if (known?.spec.id === spec.id) {
      return known;
    }
    if (known !== undefined) {
      retirePool(key, known);
    }
    const pool = new EnvironmentPool(host, spec);
    pools.set(key, pool);
    sweeper ??= setInterval(sweep, Math.min(SWEEP_INTERVAL_MS, options.idleTimeoutMs)).unref();
    return pool;
  }

  return {
    run(spec, invocation) {
      if (closing) {
        return Promise.reject(new Error("Local AWS is stopping."));
      }
      return poolOf(spec).run(invocation);
    },
    prepare(spec) {
      host.code.folder(spec.codeSha256, spec.readPackage);
    },
    retire(functionName, version) {
      for (const [key, pool] of pools) {
        if (pool.spec.functionName === functionName && (version === undefined || pool.spec.version === version)) {
          retirePool(key, pool);
        }
      }
    },
    keepCode(codeSha256s) {
      host.code.keepOnly(codeSha256s);
    },
    async close() {
      closing = true;
      clearInterval(sweeper);
      await Promise.all(everyPool().map((pool) => pool.close()));
      host.memory.close();
      host.reaper.close();
      closed = true;
    },
  };
}
