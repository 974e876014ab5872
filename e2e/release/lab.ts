import { rmSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type LedgerEntry, ledgerEntrySchema } from "@slipway/contracts";
import type { LedgerHead } from "@slipway/release-engine";
import { bootstrapByHand } from "../support/bootstrap-by-hand.ts";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { ProgramError, type Ran } from "../support/run-program.ts";
import { CallProxy } from "./call-proxy.ts";
import type { LabSettings } from "./lab-configuration.ts";
import { type LabCommit, LabRepository } from "./lab-repository.ts";
import { ReleaseProcess } from "./release-process.ts";

export const LAB_ENVIRONMENT = "live";
export const LAB_LEDGER_TABLE = "shop-ledger";
export const LAB_STATE = { bucket: "shop-states", key: "live/terraform.tfstate" };

/** A release's whole world, small: a repository, a local AWS with a proxy in front of it, and the first release done. */
export class Lab {
  readonly repository: LabRepository;
  readonly localAws: LocalAwsProcess;
  /** Between `slipway` and local AWS; traffic and looks of tests go past it. */
  readonly proxy: CallProxy;
  readonly clients: { readonly dynamodb: DynamoDBClient; readonly lambda: LambdaClient; readonly s3: S3Client };
  /** Commits by the names of moments. */
  readonly #moments = new Map<string, string>();

  /**
   * Starts everything, and makes the first release, named `one`; the moment is kept as `one`.
   *
   * @param usualMs how long a function takes for an answer that nothing is wrong with
   */
  static async open(settings: LabSettings = {}, usualMs = 30): Promise<Lab> {
    const localAws = await LocalAwsProcess.start();
    const lab = new Lab(localAws, await CallProxy.start(localAws.port), usualMs);
    try {
      await bootstrapByHand(lab.localAws, {
        directory: "terraform/bootstrap",
        stateBucket: { output: "state_bucket", name: LAB_STATE.bucket },
        ledgerTable: { output: "ledger_table", name: LAB_LEDGER_TABLE },
      });
      await lab.clients.s3.send(new CreateBucketCommand({ Bucket: "shop-code" }));
      lab.commit({ name: "one", settings });
      const ran = await lab.deploy().ended;
      if (ran.code !== 0) {
        throw new ProgramError("slipway", ["deploy"], ran);
      }
      await lab.keep("one");
      return lab;
    } catch (error) {
      await lab.close().catch(() => {});
      throw error;
    }
  }

  private constructor(localAws: LocalAwsProcess, proxy: CallProxy, usualMs: number) {
    this.localAws = localAws;
    this.proxy = proxy;
    this.repository = new LabRepository(usualMs);
    this.clients = {
      dynamodb: new DynamoDBClient(localAws.client),
      lambda: new LambdaClient(localAws.client),
      s3: new S3Client({ ...localAws.client, forcePathStyle: true }),
    };
  }

  /** Starts `slipway WORDS...` in the repository, pointed at the proxy. */
  start(words: readonly string[], env: NodeJS.ProcessEnv = {}): ReleaseProcess {
    const { path } = this.repository;
    return new ReleaseProcess([...words, "--port", String(this.proxy.port)], {
      cwd: path,
      env: { PATH: process.env.PATH, HOME: path, LANG: "C.UTF-8", ...env },
    });
  }

  /** Runs it to its end, whatever comes of it. */
  run(...words: readonly string[]): Promise<Ran> {
    return this.start(words).ended;
  }

  /** Runs one that has to succeed. */
  async must(...words: readonly string[]): Promise<Ran> {
    const ran = await this.run(...words);
    if (ran.code !== 0) {
      throw new ProgramError("slipway", words, ran);
    }
    return ran;
  }

  /** `slipway deploy` without the waits, and until it is live: its checkpoints are `slipway watch`'s. */
  deploy(...words: readonly string[]): ReleaseProcess {
    return this.start(["deploy", LAB_ENVIRONMENT, "--fast-forward", "--wait", "none", ...words]);
  }

  resume(): ReleaseProcess {
    return this.start(["resume", LAB_ENVIRONMENT, "--fast-forward", "--wait", "none"]);
  }

  rollback(): ReleaseProcess {
    return this.start(["rollback", LAB_ENVIRONMENT]);
  }

  commit(commit: LabCommit): string {
    return this.repository.commit(commit);
  }

  /** Keeps the moment, of AWS and of the repository, to come back to it. */
  async keep(name: string): Promise<void> {
    await this.localAws.control("POST", "snapshots", { name });
    this.#moments.set(name, this.repository.head());
  }

  /** Comes back to a moment. */
  async backTo(name: string): Promise<void> {
    await this.localAws.control("POST", "restore", { name });
    this.repository.checkOut(this.#moments.get(name) ?? "HEAD");
    rmSync(join(this.repository.path, ".slipway"), { recursive: true, force: true });
    this.proxy.begin();
  }

  /** The ledger's entries as they are stored, and the head. */
  async ledger(): Promise<{ readonly head: LedgerHead | undefined; readonly entries: readonly LedgerEntry[] }> {
    const items: Record<string, { S?: string }>[] = [];
    let ExclusiveStartKey: Record<string, never> | undefined;
    do {
      const page = await this.clients.dynamodb.send(
        new QueryCommand({
          TableName: LAB_LEDGER_TABLE,
          KeyConditionExpression: "environment = :environment",
          ExpressionAttributeValues: { ":environment": { S: LAB_ENVIRONMENT } },
          ...{ ConsistentRead: true, ExclusiveStartKey },
        }),
      );
      items.push(...((page.Items ?? []) as Record<string, { S?: string }>[]));
      ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
    } while (ExclusiveStartKey !== undefined);
    const head = items.find((item) => item.head !== undefined)?.head?.S;
    return {
      head: head === undefined ? undefined : (JSON.parse(head) as LedgerHead),
      entries: items.flatMap(({ entry }) =>
        entry?.S === undefined ? [] : [ledgerEntrySchema.parse(JSON.parse(entry.S))],
      ),
    };
  }

  /** Terraform's state, as it lies in the bucket. */
  async state(): Promise<{ readonly serial: number; readonly outputs: Readonly<Record<string, { value: unknown }>> }> {
    const { Body } = await this.clients.s3.send(new GetObjectCommand({ Bucket: LAB_STATE.bucket, Key: LAB_STATE.key }));
    return JSON.parse((await Body?.transformToString()) ?? "");
  }

  /** Keys of all objects in the bucket of states. */
  async stateObjects(): Promise<readonly string[]> {
    const { Contents = [] } = await this.clients.s3.send(new ListObjectsV2Command({ Bucket: LAB_STATE.bucket }));
    return Contents.map(({ Key = "" }) => Key);
  }

  /** Where the API answers, past the proxy. */
  async apiUrl(): Promise<string> {
    const { outputs } = await this.state();
    const [, apiId = ""] = /^https:\/\/([^.]+)\./.exec(String(outputs.api_url?.value)) ?? [];
    return this.localAws.stageUrl(apiId, "live");
  }

  async close(): Promise<void> {
    for (const client of Object.values(this.clients)) {
      client.destroy();
    }
    await this.proxy.stop();
    await this.localAws.stop();
    this.repository.remove();
  }
}
