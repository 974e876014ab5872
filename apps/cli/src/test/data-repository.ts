import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { runSlipway, type Said } from "./run-slipway.ts";
import type { StateFixture } from "./state-fixture.ts";

/** Somebody else's repository with tables, and an AWS that has them. */
export interface DataRepository {
  /** Writes a file of the repository. */
  write(path: string, content: string): void;
  /** Runs `slipway WORDS...` in it. */
  run(...words: readonly string[]): Promise<Said>;
  readonly dynamodb: DynamoDBClient;
  /** The ids of a table's records, in their order; not those of migrations. */
  ids(tableName: string): Promise<readonly string[]>;
  close(): void;
}

const FUNCTION = {
  ...{ name: "orders", directory: "f", build: ["true"], artifact: "f/out" },
  outputs: { functionName: "a", alias: "b", artifactBucket: "c" },
};

/** Environments, and what tables they have: `orders-live` is the table `orders` of `live`. */
const ENVIRONMENTS = {
  live: { isProtected: true, tables: ["orders"] },
  play: { isProtected: false, tables: ["orders"] },
  /** One whose state is missing. */
  lost: { isProtected: false, tables: ["orders"] },
  two: { isProtected: true, tables: ["orders", "customers"] },
} as const;

/**
 * Makes the repository, a table for each that it names, with one record `order-1` or `customer-1`, and the states that name them. It does not
 * know `@slipway/contracts`: its files are plain data. Migrations of a table lie in `migrations/NAME`.
 */
export async function dataRepository(
  endpoint: string,
  { credentials, putState }: Pick<StateFixture, "credentials" | "putState">,
): Promise<DataRepository> {
  const root = mkdtempSync(join(tmpdir(), "slipway-data-"));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const environments = Object.entries(ENVIRONMENTS).map(([name, { isProtected, tables }]) => [
    name,
    {
      terraform: { directory: `tf/${name}`, stateKey: `${name}/terraform.tfstate` },
      protected: isProtected,
      functions: [FUNCTION],
      api: { urlOutput: "url" },
      smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
      data: {
        tables: tables.map((table) => ({
          ...{ name: table, output: table, migrations: `migrations/${table}` },
          ...(table === "orders" ? { definition: "table.json", seed: "seed.json" } : {}),
        })),
      },
    },
  ]);
  const config = {
    ...{ project: "orders", region: "us-east-1", infrastructure: "tf" },
    bootstrap: { directory: "tf/bootstrap", outputs: { stateBucket: "bucket" }, state: { bucket: "terraform-state" } },
    environments: Object.fromEntries(environments),
  };
  write("slipway.config.ts", `export default ${JSON.stringify(config)};\n`);
  const roots = ["bootstrap", ...Object.keys(ENVIRONMENTS)].map((name) => `tf/${name}`);
  for (const folder of [...roots, "f", "migrations/orders", "migrations/customers"]) {
    write(`${folder}/README.md`, "");
  }
  const client = new DynamoDBClient({ region: "us-east-1", endpoint, credentials });
  for (const [name, { tables }] of Object.entries(ENVIRONMENTS).filter(([each]) => each !== "lost")) {
    await Promise.all(tables.map((table) => makeTable(client, `${table}-${name}`, `${table.slice(0, -1)}-1`)));
    await putState(name, [], Object.fromEntries(tables.map((table) => [table, `${table}-${name}`])));
  }
  return {
    ...{ write, dynamodb: client },
    // The SDK reads credentials from this process's environment, where the states' fixture has put them.
    run: (...words) => runSlipway(words, { cwd: root, env: { ...process.env, AWS_ENDPOINT_URL: endpoint } }),
    async ids(TableName) {
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
      const ids = Items.map(({ id }) => id?.S ?? "");
      return ids.filter((id) => !id.startsWith("migration#")).sort();
    },
    close() {
      client.destroy();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function makeTable(client: DynamoDBClient, TableName: string, id: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName });
  await client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, old: { S: "x" } } }));
}
