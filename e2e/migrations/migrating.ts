import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoMigrationLedger } from "@slipway/aws";
import { countsOf } from "@slipway/release-engine";
import type { ClientSettings } from "../support/local-aws-process.ts";
import { node22, repositoryRoot, slipwayProgram } from "../support/repository.ts";
import type { Ran } from "../support/run-program.ts";

/** The migration of this repository that the tests run. */
export const MIGRATION = "0001-kind-of-record";

/** Runs of `slipway migrate prod` on a table of a local AWS, each in a process of its own, as on AWS. */
export class Migrating {
  readonly #settings: ClientSettings;
  readonly #tableName: string;
  readonly #client: DynamoDBClient;

  constructor(settings: ClientSettings, tableName: string) {
    this.#settings = settings;
    this.#tableName = tableName;
    this.#client = new DynamoDBClient(settings);
  }

  /** Starts a run. */
  start(...words: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ran> } {
    const { endpoint, credentials, region } = this.#settings;
    const child = spawn(
      node22,
      [
        ...["--disable-warning=ExperimentalWarning", slipwayProgram, "migrate", "prod"],
        ...["--table-name", `items=${this.#tableName}`, ...words],
      ],
      {
        cwd: repositoryRoot,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          AWS_ENDPOINT_URL: endpoint,
          AWS_REGION: region,
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        },
      },
    );
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
    return { child, ended };
  }

  /** Runs to the end. */
  run(...words: readonly string[]): Promise<Ran> {
    return this.start(...words).ended;
  }

  /** What the table remembers of the migration. */
  record() {
    const shape = { name: this.#tableName, partitionKey: "id", estimatedRecords: 0 };
    return new DynamoMigrationLedger(this.#client, shape).load(MIGRATION);
  }

  /** Records that were looked at and saved as such, in this pass. */
  async scanned(): Promise<number> {
    return countsOf((await this.record())?.segments ?? []).scanned;
  }

  close(): void {
    this.#client.destroy();
  }
}
