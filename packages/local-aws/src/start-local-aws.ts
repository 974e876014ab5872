import type { Snapshot } from "./data-folder.ts";
import type { Health } from "./endpoint/control-api.ts";

/** How local AWS is started. */
export interface LocalAwsOptions {
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Folder that keeps the state; made where missing. */
  readonly dataDir: string;
  /** The Region to play; `us-east-1` by default. */
  readonly region?: string;
  /** The account to play: 12 digits. */
  readonly accountId?: string;
  /** Whether IAM's policies bind everybody but root; true by default. */
  readonly enforceIam?: boolean;
  /** Lines for the operator; silent by default. */
  readonly log?: (line: string) => void;
  /** Called when the control interface asks the process to stop. */
  readonly onStopRequested?: () => void;
}

/** A running local AWS. */
export interface LocalAws {
  readonly endpoint: string;
  readonly port: number;
  /** @throws LocalAwsError while it starts */
  health(): Health;
  /** Throws all state away, atomically. */
  reset(): Promise<void>;
  saveSnapshot(name: string): Promise<Snapshot>;
  restoreSnapshot(name: string): Promise<void>;
  /** Moves the services' clock forward, in milliseconds, running what falls due. */
  advanceClock(milliseconds: number): Promise<void>;
  /** Stops listening, ends every child process, closes the store. */
  stop(): Promise<void>;
}

/**
 * Starts local AWS on loopback. Its services are loaded only now: most commands of the command line need but their names.
 *
 * @throws LocalAwsError when the port is taken or another process has the data folder open
 * @throws StoreError when the data folder cannot be used
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { LocalAwsServer } = await import("./local-aws-server.ts");
  const server = new LocalAwsServer(options);
  await server.start();
  return server;
}
