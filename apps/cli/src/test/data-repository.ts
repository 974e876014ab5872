import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CreateTableCommand, DynamoDBClient, PutItemCommand, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import { runSlipway, type Said } from "./run-slipway.ts";

/** Somebody else's repository with a table, and an AWS that has it. */
export interface DataRepository {
  /** Writes a file of the repository. */
  write(path: string, content: string): void;
  /** Runs `slipway WORDS...` in it, with `--table-name`. */
  run(...words: readonly string[]): Promise<Said>;
  close(): void;
}

const FUNCTION = {
  ...{ name: "orders", directory: "f", build: ["true"], artifact: "f/out" },
  outputs: { functionName: "a", alias: "b", artifactBucket: "c" },
};

/** Makes the repository and the table `orders-live`, with one record `order-1`. It does not know `@slipway/contracts`: its files are plain data. */
export async function dataRepository(endpoint: string): Promise<DataRepository> {
  const root = mkdtempSync(join(tmpdir(), "slipway-data-"));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const environment = (name: string, isProtected: boolean) => ({
    terraform: { directory: `tf/${name}`, stateKey: `${name}/terraform.tfstate` },
    protected: isProtected,
    functions: [FUNCTION],
    api: { urlOutput: "url" },
    smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
    data: {
      tables: [
        { name: "orders", output: "table", migrations: "migrations", definition: "table.json", seed: "seed.json" },
      ],
    },
  });
  const config = {
    ...{ project: "orders", region: "us-east-1", infrastructure: "tf" },
    bootstrap: { directory: "tf/bootstrap", outputs: { stateBucket: "bucket" }, state: { bucket: "terraform-state" } },
    environments: { live: environment("live", true), play: environment("play", false) },
  };
  write("slipway.config.ts", `export default ${JSON.stringify(config)};\n`);
  for (const folder of ["tf/bootstrap", "tf/live", "tf/play", "f", "migrations"]) {
    write(`${folder}/README.md`, "");
  }
  const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
  const client = new DynamoDBClient({ region: "us-east-1", endpoint, credentials });
  const TableName = "orders-live";
  await client.send(
    new CreateTableCommand({
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName });
  await client.send(new PutItemCommand({ TableName, Item: { id: { S: "order-1" }, old: { S: "x" } } }));
  client.destroy();
  return {
    write,
    // The SDK reads credentials from this process's environment.
    run: (...words) => {
      const variables = {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      };
      Object.assign(process.env, variables);
      return runSlipway([...words, "--table-name", `orders=${TableName}`], {
        cwd: root,
        env: { ...process.env, AWS_ENDPOINT_URL: endpoint },
      });
    },
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}
