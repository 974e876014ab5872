import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ScanCommand,
  UpdateContinuousBackupsCommand,
  type WriteRequest,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DynamoLedgerTable, toDocument, toItem } from "@slipway/aws";
import type { DocumentRecord, LedgerBody, ReleasePlan } from "@slipway/contracts";
import {
  createRedactor,
  type Ledger,
  openLedger,
  type ReleaseRecord,
  releases,
  systemClock,
} from "@slipway/release-engine";
import { ReleaseProcess } from "../release/release-process.ts";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

export interface UndoCounts {
  readonly items: number;
  /** The first so many get a bad write. */
  readonly corrupted: number;
  /** Of those, the first so many are legitimately changed afterwards. */
  readonly changed: number;
}

const TABLE = "orders-prod";
const LEDGER = "release-ledger";
const BUCKET = "terraform-state";
const AT_ONCE = 8;

/** A table on local AWS of which some items were badly written, in a repository and a ledger that commands find. */
export class UndoLab {
  readonly localAws: LocalAwsProcess;
  readonly counts: UndoCounts;
  /** Flags that say which window is meant. */
  window: readonly string[] = [];
  readonly #dynamodb: DynamoDBClient;
  readonly #s3: S3Client;
  readonly #repository = temporaryFolder("undo");

  static async open(counts: UndoCounts): Promise<UndoLab> {
    const lab = new UndoLab(await LocalAwsProcess.start(), counts);
    try {
      await lab.#prepare();
    } catch (error) {
      await lab.close();
      throw error;
    }
    return lab;
  }

  private constructor(localAws: LocalAwsProcess, counts: UndoCounts) {
    this.localAws = localAws;
    this.counts = counts;
    this.#dynamodb = new DynamoDBClient({ ...localAws.client, maxAttempts: 10 });
    this.#s3 = new S3Client({ ...localAws.client, forcePathStyle: true });
  }

  /** Runs `slipway WORDS...` in a process of its own. */
  slipway(...words: readonly string[]): ReleaseProcess {
    return new ReleaseProcess([...words, "--port", String(this.localAws.port), "--output", "json"], {
      cwd: this.#repository.path,
      env: { ...this.localAws.env, NO_COLOR: "1" },
    });
  }

  /** What is in the ledger, after its chain was checked. */
  async newest(): Promise<ReleaseRecord | undefined> {
    return releases(await this.#ledger().read()).at(-1);
  }

  /** Of every item whether it is as it has to be after the undo; what is not, by its number. */
  async wrongItems(): Promise<readonly string[]> {
    const wanted = new Map(
      this.#numbers(0, this.counts.items).map((n) => [idOf(n), JSON.stringify(toItem(this.#undone(n)))]),
    );
    const wrong: string[] = [];
    let ExclusiveStartKey: Record<string, never> | undefined;
    do {
      const page = await this.#dynamodb.send(new ScanCommand({ TableName: TABLE, ExclusiveStartKey }));
      for (const item of page.Items ?? []) {
        const record = toDocument(item);
        const id = String(record.id);
        if (JSON.stringify(toItem(sorted(record))) !== wanted.get(id)) {
          wrong.push(id);
        }
        wanted.delete(id);
      }
      ExclusiveStartKey = page.LastEvaluatedKey as Record<string, never> | undefined;
    } while (ExclusiveStartKey !== undefined);
    return [...wrong, ...wanted.keys()];
  }

  /** Writes the bad images once more where they were restored, so that there is something to do again. */
  async corruptAgain(): Promise<void> {
    await this.#write(this.#numbers(this.counts.changed, this.counts.corrupted).map(badWrite));
  }

  async close(): Promise<void> {
    this.#dynamodb.destroy();
    this.#s3.destroy();
    await this.localAws.stop();
    this.#repository.remove();
  }

  async #prepare(): Promise<void> {
    const { items, corrupted, changed } = this.counts;
    this.#writeRepository();
    await this.#s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const outputs = { table: { value: TABLE, type: "string", sensitive: false } };
    const state = JSON.stringify({ version: 4, serial: 1, lineage: "l", outputs, resources: [] });
    await this.#s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "prod/terraform.tfstate", Body: state }));
    await this.#makeTable(LEDGER, [
      ["environment", "S", "HASH"],
      ["sequence", "N", "RANGE"],
    ]);
    await this.#makeTable(TABLE, [["id", "S", "HASH"]]);
    for (const body of liveRelease) {
      await this.#ledger().append({ by: { name: "Jane" }, release: "r1", body });
    }
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await this.#dynamodb.send(
      new UpdateContinuousBackupsCommand({ TableName: TABLE, PointInTimeRecoverySpecification }),
    );
    await this.#write(this.#numbers(0, items).map((n) => putOf(good(n))));
    const from = await this.#pass(3_600_000, Math.floor);
    await this.#write(this.#numbers(0, corrupted).map(badWrite));
    const to = await this.#pass(1_000, Math.ceil);
    await this.#pass(60_000, Math.ceil);
    await this.#write(this.#numbers(0, changed).map((n) => putOf(theirs(n))));
    await this.#pass(3_600_000, Math.ceil);
    this.window = ["--since", from, "--until", to];
  }

  /** What it has to be in the end, its attributes in the order of their names. */
  #undone(n: number): DocumentRecord {
    return sorted(n < this.counts.changed ? theirs(n) : good(n));
  }

  #numbers(from: number, to: number): readonly number[] {
    return Array.from({ length: to - from }, (_, index) => from + index);
  }

  /** @returns the whole second then, in ISO format */
  async #pass(advanceMs: number, round: (seconds: number) => number): Promise<string> {
    const { clock } = await this.localAws.control<{ clock: string }>("POST", "clock", { advanceMs });
    return new Date(round(Date.parse(clock) / 1000) * 1000).toISOString();
  }

  async #write(requests: readonly WriteRequest[]): Promise<void> {
    const batches = Array.from({ length: Math.ceil(requests.length / 25) }, (_, index) =>
      requests.slice(index * 25, (index + 1) * 25),
    )[Symbol.iterator]();
    const worker = async () => {
      for (const batch of { [Symbol.iterator]: () => batches }) {
        let left: readonly WriteRequest[] = batch;
        while (left.length > 0) {
          const { UnprocessedItems } = await this.#dynamodb.send(
            new BatchWriteItemCommand({ RequestItems: { [TABLE]: [...left] } }),
          );
          left = UnprocessedItems?.[TABLE] ?? [];
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async #makeTable(
    TableName: string,
    keys: readonly (readonly [string, "S" | "N", "HASH" | "RANGE"])[],
  ): Promise<void> {
    const input: CreateTableCommandInput = {
      ...{ TableName, BillingMode: "PAY_PER_REQUEST" },
      AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: keys.map(([AttributeName, , KeyType]) => ({ AttributeName, KeyType })),
    };
    await this.#dynamodb.send(new CreateTableCommand(input));
    await waitUntilTableExists({ client: this.#dynamodb, maxWaitTime: 60, minDelay: 1 }, { TableName });
  }

  #ledger(): Ledger {
    return openLedger(new DynamoLedgerTable(this.#dynamodb, LEDGER), {
      ...{ environment: "prod", clock: systemClock, leaseClock: systemClock, redactor: createRedactor() },
      ...{ leaseSeconds: 60, isGone: () => false },
    });
  }

  #writeRepository(): void {
    const text = (value: string) => ({ value, type: "string", sensitive: false });
    const bootstrap = join(this.localAws.dataDir, "state/rehearsal/tf/bootstrap/terraform.tfstate");
    mkdirSync(dirname(bootstrap), { recursive: true });
    // As a rehearsal leaves it.
    const outputs = { bucket: text(BUCKET), ledger: text(LEDGER) };
    writeFileSync(bootstrap, JSON.stringify({ version: 4, serial: 1, outputs, resources: [] }));
    for (const folder of ["tf/bootstrap", "tf/prod", "f"]) {
      mkdirSync(join(this.#repository.path, folder), { recursive: true });
    }
    writeFileSync(join(this.#repository.path, "slipway.config.ts"), `export default ${JSON.stringify(config)};\n`);
  }
}

const config = {
  ...{ project: "orders", region: "us-east-1", infrastructure: "tf" },
  bootstrap: {
    ...{ directory: "tf/bootstrap", state: { bucket: BUCKET }, ledger: { table: LEDGER } },
    outputs: { stateBucket: "bucket", ledgerTable: "ledger" },
  },
  environments: {
    prod: {
      terraform: { directory: "tf/prod", stateKey: "prod/terraform.tfstate" },
      functions: [
        {
          ...{ name: "orders", directory: "f", build: ["true"], artifact: "f/out" },
          outputs: { functionName: "function", alias: "alias", artifactBucket: "bucket" },
        },
      ],
      api: { urlOutput: "url" },
      smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
      data: { tables: [{ name: "orders", output: "table", migrations: "m" }] },
    },
  },
};

const promote = {
  guide: "Phase 2",
  undo: "nothing",
  id: "traffic.promote",
  kind: "traffic.promote",
  title: "promote",
} as const;
const plan: ReleasePlan = {
  ...{ version: 1, environment: "prod", release: "r1", previous: null, steps: [promote] },
  source: { commit: "a".repeat(40), tree: "b".repeat(40), dirty: false },
};
const promoted = { step: promote.id, kind: promote.kind };
const liveRelease: readonly LedgerBody[] = [
  { type: "release.started", plan, authors: [] },
  { type: "step.started", ...promoted, attempt: 1 },
  { type: "step.finished", ...promoted, outcome: "done", summary: "it has the traffic", durationMs: 1 },
  { type: "release.ended", outcome: "live", reason: "it answers", functions: [] },
];

function idOf(n: number): string {
  return `order#${String(n).padStart(6, "0")}`;
}

function good(n: number): DocumentRecord {
  return { id: idOf(n), price: n, name: `order ${n}`, lines: [{ sku: `s${n % 7}`, count: 1 }], tags: new Set(["new"]) };
}

function theirs(n: number): DocumentRecord {
  return { id: idOf(n), price: n + 1, name: `order ${n}, corrected by hand` };
}

function putOf(record: DocumentRecord): WriteRequest {
  return { PutRequest: { Item: toItem(record) } };
}

/** One of ten is deleted. */
function badWrite(n: number): WriteRequest {
  return n % 10 === 9
    ? { DeleteRequest: { Key: toItem({ id: idOf(n) }) } }
    : putOf({ id: idOf(n), price: -1, broken: true });
}

function sorted(record: DocumentRecord): DocumentRecord {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}
