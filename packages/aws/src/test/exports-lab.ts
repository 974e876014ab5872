import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { ExactNumber } from "@slipway/contracts";
import type { Clock, FinishedExport } from "@slipway/release-engine";
import { toItem } from "../data/attribute-values.ts";
import { DynamoTableExports } from "../data/dynamo-table-exports.ts";
import { type LocalAwsFixture, localAwsFixture } from "./local-aws-fixture.ts";

const HOUR_MS = 3_600_000;

/** Tables with a past on a local AWS, and a bucket that their changes are exported to. */
export class ExportsLab {
  readonly bucket = "exports";
  readonly fixture: LocalAwsFixture;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly exports: DynamoTableExports;
  /** Waits by moving local AWS's clock. */
  readonly clock: Clock = {
    now: () => Date.now(),
    sleep: (milliseconds) => this.fixture.localAws.advanceClock(milliseconds),
  };
  #made = 0;

  static async open(): Promise<ExportsLab> {
    const lab = new ExportsLab(await localAwsFixture());
    await lab.s3.send(new CreateBucketCommand({ Bucket: lab.bucket }));
    return lab;
  }

  private constructor(fixture: LocalAwsFixture) {
    this.fixture = fixture;
    this.dynamodb = new DynamoDBClient(fixture.client);
    this.s3 = new S3Client({ ...fixture.client, forcePathStyle: true });
    this.exports = new DynamoTableExports(this, { clock: this.clock });
  }

  /** Makes a table whose changes are kept, unless they are not to be. */
  async recoverable(enabled = true): Promise<string> {
    this.#made += 1;
    const TableName = `table-${this.#made}`;
    await this.dynamodb.send(
      new CreateTableCommand({
        ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    await waitUntilTableExists({ client: this.dynamodb, maxWaitTime: 20, minDelay: 1 }, { TableName });
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: enabled };
    await this.dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
    return TableName;
  }

  /** A table with a past, and the hour of it that is to be exported. */
  async arrange(changed = 30) {
    const table = await this.recoverable();
    await this.#put(table, { id: "updated", value: "before" });
    await this.#put(table, { id: "deleted", value: "before" });
    await this.fixture.localAws.advanceClock(2000);
    const from = Math.floor((await this.#now()) / 1000) * 1000;
    const everything = {
      ...{ text: "ä\n", number: new ExactNumber("12345678901234567890"), yes: true, nothing: null },
      ...{ bytes: new Uint8Array([0, 255]), texts: new Set(["a", "b"]), numbers: new Set([1, 2.5]) },
      ...{ list: ["x", { deep: [1] }], map: { "with.dot": new Set([new Uint8Array([7])]) } },
    };
    await this.#put(table, { id: "updated", value: "after", ...everything });
    await this.dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: "deleted" } } }));
    await Promise.all(Array.from({ length: changed }, (_, index) => this.#put(table, { id: `new-${index}`, index })));
    await this.fixture.localAws.advanceClock(HOUR_MS);
    return {
      request: { table, from, to: from + HOUR_MS / 2, bucket: this.bucket, prefix: table, token: `token-${table}` },
      everything,
    };
  }

  /** An export of such a table that has ended. */
  async exported(changed?: number): Promise<FinishedExport> {
    const { request } = await this.arrange(changed);
    return this.exports.finished(await this.exports.start(request));
  }

  async close(): Promise<void> {
    this.dynamodb.destroy();
    this.s3.destroy();
    await this.fixture.close();
  }

  /** By local AWS's clock. */
  async #now(): Promise<number> {
    const { endpoint } = this.fixture.localAws;
    const answer = await fetch(`${endpoint}/_slipway/clock`, { headers: { "x-slipway-control": "1" } });
    return Date.parse(((await answer.json()) as { clock: string }).clock);
  }

  async #put(TableName: string, record: Parameters<typeof toItem>[0]): Promise<void> {
    await this.dynamodb.send(new PutItemCommand({ TableName, Item: toItem(record) }));
  }
}
