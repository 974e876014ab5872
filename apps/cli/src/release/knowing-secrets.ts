import type { StepKind } from "@slipway/contracts";
import {
  type FunctionReader,
  ReleaseError,
  type ReleaseRecord,
  type StepContext,
  type StepHandler,
  type StepHandlers,
} from "@slipway/release-engine";

export interface DeployedFunctions {
  /** Each function that it reads teaches the redactor its secrets. */
  readonly reader: Pick<FunctionReader, "readFunction">;
  /** Names of the functions as a release has deployed them; undefined before its infrastructure is applied. */
  namesIn(record: ReleaseRecord): readonly string[] | undefined;
  /** The same of the releases before it; none where there are none. */
  namesBefore(): Promise<readonly string[]>;
}

/**
 * Handlers before whose first step the functions are looked at: a process that goes on with a release, or watches one, has seen no plan
 * that says what is secret, and what functions answer and log may quote what they have in their variables.
 *
 * A function that cannot be looked at stops no step: it is said, and tried again in the next. Traffic that goes back waits for no look.
 */
export function knowingSecrets(handlers: StepHandlers, deployed: DeployedFunctions): StepHandlers {
  const seen = new Set<string>();
  // While the lease is held there comes no other release: what the ledger has of those before is asked once.
  let before: readonly string[] | undefined;
  const namesFor = async (record: ReleaseRecord) => {
    const own = deployed.namesIn(record);
    if (own === undefined) {
      before ??= await deployed.namesBefore();
    }
    return own ?? before ?? [];
  };
  const look = async (context: StepContext) => {
    for (const name of await namesFor(context.record)) {
      if (!seen.has(name)) {
        await deployed.reader.readFunction(name);
        seen.add(name);
      }
    }
  };
  const entries = Object.entries(handlers).map(([kind, handler]) => {
    if (kind === "traffic.restore" || kind === "traffic.return") {
      return [kind, handler];
    }
    const knowing: StepHandler<StepKind> = async (context) => {
      await look(context).catch((error: unknown) => {
        if (!(error instanceof ReleaseError)) {
          throw error;
        }
        context.line(`which secrets the functions have could not be seen: ${error.what}`);
      });
      return (handler as StepHandler<StepKind>)(context);
    };
    return [kind, knowing];
  });
  return Object.fromEntries(entries) as StepHandlers;
}
