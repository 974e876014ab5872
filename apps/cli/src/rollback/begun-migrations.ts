import { existsSync } from "node:fs";
import { join } from "node:path";
import { createAwsClients, DynamoMigrationLedger, DynamoMigrationTable } from "@slipway/aws";
import type { SourceRevision } from "@slipway/contracts";
import {
  appliedInfrastructure,
  type BegunMigration,
  loadMigrations,
  ReleaseError,
  type ReleaseRecord,
} from "@slipway/release-engine";
import type { OpenRelease } from "../release/open-release.ts";

/** What could be found out about migrations. */
export interface SeenMigrations {
  /** Undefined where nobody could look. */
  readonly migrations: readonly BegunMigration[] | undefined;
  /** Why not, or why there may be more than those. */
  readonly why?: string;
}

/**
 * The migrations of an environment's tables that were begun, as the tables remember them. Which ones there are say the files that are checked
 * out; what the tables are called says the ledger, so that no state has to be read.
 *
 * @param phases those that matter; reading nothing takes no time
 */
export async function begunMigrations(
  { environment, access, source }: Pick<OpenRelease, "environment" | "access" | "source">,
  repository: string,
  records: readonly ReleaseRecord[],
  { phases, signal }: { readonly phases: readonly ("expand" | "contract")[]; readonly signal: AbortSignal },
): Promise<SeenMigrations> {
  const tables = environment.data?.tables ?? [];
  const outputs = newestOutputs(records);
  if (tables.length === 0) {
    return { migrations: [] };
  }
  // Beside the calls to AWS: somebody waits for the traffic to move.
  const checkedOut = source.revision(signal);
  checkedOut.catch(() => undefined);
  const client = createAwsClients(access.client("migrate"));
  try {
    const found: BegunMigration[] = [];
    for (const { name, output, migrations: folder } of tables) {
      const path = join(repository, folder);
      const loaded = existsSync(path) ? await loadMigrations(path) : [];
      const wanted = loaded.filter(({ migration }) => phases.includes(migration.phase));
      const tableName = outputs?.[output];
      if (wanted.length === 0) {
        continue;
      }
      if (typeof tableName !== "string") {
        return { migrations: undefined, why: `the ledger has no output ${output} with the name of the table ${name}` };
      }
      const shape = await new DynamoMigrationTable(client.dynamodb, tableName).describe(signal);
      const ledger = new DynamoMigrationLedger(client.dynamodb, shape);
      for (const { migration } of wanted) {
        const record = await ledger.load(migration.id, signal);
        if (record !== undefined) {
          const { id, phase, description, startedAt } = record;
          found.push({ id, table: name, phase, description, startedAt });
        }
      }
    }
    const why = otherCheckout(await checkedOut, records);
    return { migrations: found, ...(why !== undefined && { why }) };
  } catch (error) {
    if (!(error instanceof Error) || signal.aborted) {
      throw error;
    }
    const words = error instanceof ReleaseError ? `${error.what}: ${error.why}` : error.message;
    return { migrations: undefined, why: words.replaceAll("\n", " ") };
  } finally {
    client.destroy();
  }
}

/**
 * Why migrations may have been run that are not checked out: another tree than the newest release's, whose migrations a table has only by
 * their names. Undefined where it is that tree.
 */
export function otherCheckout(
  { tree, dirty }: Pick<SourceRevision, "tree" | "dirty">,
  records: readonly Pick<ReleaseRecord, "id" | "plan">[],
): string | undefined {
  const newest = records.findLast(({ plan }) => plan.rollsBack === undefined);
  if (newest === undefined || (!dirty && tree !== null && tree === newest.plan.source.tree)) {
    return undefined;
  }
  const commit = newest.plan.source.commit?.slice(0, 12) ?? "made without a commit";
  return `only migrations that are checked out were looked for, and another tree than that of ${newest.id} (${commit}) is`;
}

/** One that has let a restored table take the place of the table, which has its place again. */
function isTakenBack({ state, plan }: ReleaseRecord): boolean {
  return plan.rollsBack?.restore !== undefined && (state === "put-back" || state === "failed");
}

function newestOutputs(records: readonly ReleaseRecord[]): Readonly<Record<string, unknown>> | undefined {
  return records
    .filter((each) => !isTakenBack(each))
    .map((each) => appliedInfrastructure(each)?.outputs)
    .findLast((each) => each !== undefined);
}
