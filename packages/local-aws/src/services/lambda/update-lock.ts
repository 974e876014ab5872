import type { FunctionRecord } from "./function-records.ts";
import { type FunctionStore, newRevision } from "./function-store.ts";
import { conflict } from "./lambda-errors.ts";

/** How long a function stays `InProgress` or `Pending` at least, in milliseconds of the wall clock: long enough to be seen. */
const SETTLING_MS = 60;

/**
 * One update of a function at a time, as on AWS. https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
 *
 * ```text
 * CreateFunction ----> Pending ----> Active
 * Update... --(begin: reads the code)--> InProgress --(settle)--> Successful
 *                   anything else that changes code or configuration meanwhile: ResourceConflictException
 * ```
 *
 * The `RevisionId` changes when the state settles, as it does on AWS: https://github.com/aws/aws-sdk/issues/377
 */
export class UpdateLock {
  readonly #functions: FunctionStore;
  readonly #busy = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(functions: FunctionStore) {
    this.#functions = functions;
    // A process that was killed meanwhile has left them unsettled.
    for (const { record } of functions.all()) {
      if (!isSettled(record)) {
        this.#settle(record.name, record.latest.contentId);
      }
    }
  }

  /** @throws AwsError `ResourceConflictException` while the function is being created or updated */
  check(record: FunctionRecord, arn: string): void {
    const { state, lastUpdateStatus } = record.latest;
    if (state === "Pending") {
      throw conflict(
        "The operation cannot be performed at this time. The function is currently in the following state: Pending",
      );
    }
    if (lastUpdateStatus === "InProgress") {
      throw conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`);
    }
  }

  /**
   * Runs an update, or a creation, that nothing else may cross.
   *
   * @throws AwsError `ResourceConflictException` when another one is running
   */
  async exclusively<T>(name: string, arn: string, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(name)) {
      throw conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`);
    }
    this.#busy.add(name);
    try {
      return await work();
    } finally {
      this.#busy.delete(name);
    }
  }

  /** Makes a function's new state final, in a moment. */
  settleSoon(name: string, contentId: string): void {
    if (this.#closed) {
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#settle(name, contentId);
    }, SETTLING_MS);
    this.#timers.add(timer);
  }

  /** Stops; what has not settled will when local AWS starts again. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
  }

  #settle(name: string, contentId: string): void {
    const record = this.#functions.find(name)?.record;
    if (record === undefined || record.latest.contentId !== contentId || isSettled(record)) {
      return;
    }
    const latest = {
      ...record.latest,
      state: "Active" as const,
      lastUpdateStatus: "Successful" as const,
      revisionId: newRevision(),
    };
    this.#functions.change(name, (changes) => changes.put({ ...record, latest }));
  }
}

function isSettled({ latest }: FunctionRecord): boolean {
  return latest.state === "Active" && latest.lastUpdateStatus === "Successful";
}
