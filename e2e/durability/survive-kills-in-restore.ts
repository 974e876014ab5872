import { setTimeout as wait } from "node:timers/promises";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** A restore of so little state exchanges it within that time: kills are spread over it. */
const RESTORE_MS = 40;

/**
 * Kills local AWS (kill -9) while it restores a snapshot, as often as asked, at moments spread over the restore.
 *
 * @returns which state each restart found
 * @throws an assertion's error when a restart finds a mixture of both states, or nothing
 */
export async function surviveKillsInRestore(kills: number): Promise<("before" | "after")[]> {
  const folder = temporaryFolder("restore");
  let localAws = await LocalAwsProcess.start({ dataDir: folder.path });
  try {
    const state = new TwoPlaces(localAws);
    await state.prepare();
    // What the snapshot holds is what there is after a restore.
    await state.write("after");
    await localAws.control("POST", "snapshots", { name: "kept" });
    const found: ("before" | "after")[] = [];
    for (let kill = 0; kill < kills; kill++) {
      await state.write("before");
      const restoring = localAws.control("POST", "restore", { name: "kept" }).catch(() => "cut");
      await wait((RESTORE_MS * kill) / kills);
      await localAws.kill();
      await restoring;

      localAws = await LocalAwsProcess.start({ dataDir: folder.path, port: localAws.port });
      const [inTable, inBucket] = await state.read();
      expect(inBucket, "one state, whole").toBe(inTable);
      expect(["before", "after"]).toContain(inTable);
      found.push(inTable as "before" | "after");
    }
    await localAws.control("POST", "restore", { name: "kept" });
    expect(await state.read()).toEqual(["after", "after"]);
    return found;
  } finally {
    await localAws.stop();
    folder.remove();
  }
}

/** The same word in a table and in a bucket, which keep their state in different ways. */
class TwoPlaces {
  readonly #dynamodb: DynamoDBClient;
  readonly #s3: S3Client;

  constructor({ client }: LocalAwsProcess) {
    this.#dynamodb = new DynamoDBClient(client);
    this.#s3 = new S3Client({ ...client, forcePathStyle: true });
  }

  async prepare(): Promise<void> {
    await this.#dynamodb.send(
      new CreateTableCommand({
        TableName: "state",
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      }),
    );
    await this.#s3.send(new CreateBucketCommand({ Bucket: "state" }));
  }

  async write(word: string): Promise<void> {
    const Item = { id: { S: "state" }, word: { S: word } };
    await this.#dynamodb.send(new PutItemCommand({ TableName: "state", Item }));
    await this.#s3.send(new PutObjectCommand({ Bucket: "state", Key: "state", Body: word }));
  }

  async read(): Promise<[inTable: string | undefined, inBucket: string | undefined]> {
    const Key = { id: { S: "state" } };
    const { Item } = await this.#dynamodb.send(new GetItemCommand({ TableName: "state", Key, ConsistentRead: true }));
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: "state", Key: "state" }));
    return [Item?.word?.S, await Body?.transformToString()];
  }
}
