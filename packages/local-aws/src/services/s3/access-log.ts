import { randomBytes } from "node:crypto";
import type { LoggingEnabled } from "@aws-sdk/client-s3";
import type { Cancel } from "../../core/clock.ts";
import { accessLogLine, type LoggedRequest } from "./access-log-record.ts";
import { bucketArn, bucketPolicy, objectArn } from "./access-needs.ts";
import { hasLogDeliveryGrant } from "./bucket-acl.ts";
import type { BucketRecord } from "./bucket-record.ts";
import { checksumOf, DEFAULT_CHECKSUM } from "./checksum.ts";
import { encryptionOf } from "./object-encryption.ts";
import type { S3State } from "./s3-state.ts";
import { md5Hex, writeObject } from "./write-object.ts";

/** How long records are collected before they are delivered. AWS takes minutes to hours, and promises nothing. */
const DELIVERY_DELAY_MS = 5 * 60_000;
/** Records that are held at most, over all buckets. */
const MOST_RECORDS = 10_000;
const DAY_MS = 86_400_000;

interface Batch {
  readonly source: string;
  readonly logging: LoggingEnabled;
  /** Midnight of the records' day, where keys tell the day of the requests. */
  readonly day: number | undefined;
  readonly lines: string[];
}

/**
 * Server access logs: records are collected in memory and delivered every few minutes of the clock, one object for each source
 * bucket. As on AWS, delivery is best effort: a kill loses what was not delivered yet, and what the target does not consent to is
 * dropped without a word to anybody (but to local AWS's own log). What delivery writes is not logged in turn, so that a bucket that
 * logs to itself comes to rest.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export class AccessLog {
  readonly #state: S3State;
  readonly #owner: string;
  #batches = new Map<string, Batch>();
  #held = 0;
  #cancel: Cancel | undefined;

  constructor(state: S3State) {
    this.#state = state;
    this.#owner = state.owner().ID ?? "";
  }

  /** Takes a request to a bucket whose requests are logged. */
  add(request: LoggedRequest, logging: LoggingEnabled): void {
    const byEvent = logging.TargetObjectKeyFormat?.PartitionedPrefix?.PartitionDateSource === "EventTime";
    const day = byEvent ? Math.floor(request.at / DAY_MS) * DAY_MS : undefined;
    const id = JSON.stringify([request.bucket, logging, day]);
    let batch = this.#batches.get(id);
    if (batch === undefined) {
      batch = { source: request.bucket, logging, day, lines: [] };
      this.#batches.set(id, batch);
    }
    batch.lines.push(accessLogLine(request, this.#owner));
    this.#held += 1;
    if (this.#held >= MOST_RECORDS) {
      this.flush();
      return;
    }
    const { clock } = this.#state.core;
    this.#cancel ??= clock.schedule(clock.now() + DELIVERY_DELAY_MS, () => this.flush());
  }

  /** Delivers what is held. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const batches = [...this.#batches.values()];
    this.#batches = new Map();
    this.#held = 0;
    for (const batch of batches) {
      try {
        this.#deliver(batch);
      } catch (error) {
        this.#drop(batch, error instanceof Error ? error.message : String(error));
      }
    }
  }

  #deliver(batch: Batch): void {
    const target = this.#state.buckets.get(batch.logging.TargetBucket ?? "");
    if (target === undefined) {
      this.#drop(batch, "there is no such bucket");
      return;
    }
    const key = this.#keyOf(batch);
    const refusal = refusalOf(this.#state, target, key, batch.source);
    if (refusal !== undefined) {
      this.#drop(batch, refusal);
      return;
    }
    const body = Buffer.from(`${batch.lines.join("\n")}\n`);
    writeObject(
      this.#state,
      target,
      body,
      {
        key,
        etag: md5Hex(body),
        size: body.byteLength,
        headers: { ContentType: "text/plain" },
        metadata: {},
        storageClass: "STANDARD",
        encryption: encryptionOf(this.#state, target, {}),
        checksum: { algorithm: DEFAULT_CHECKSUM, value: checksumOf(DEFAULT_CHECKSUM, body), type: "FULL_OBJECT" },
        tags: {},
        lock: {},
      },
      {},
    );
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-log-keyname-format */
  #keyOf({ source, logging, day }: Batch): string {
    const { core } = this.#state;
    const [date = "", time = ""] = new Date(day ?? core.clock.now()).toISOString().split(/[T.]/);
    const name = `${date}-${time.replaceAll(":", "-")}-${randomBytes(8).toString("hex").toUpperCase()}`;
    const prefix = logging.TargetPrefix ?? "";
    return logging.TargetObjectKeyFormat?.PartitionedPrefix === undefined
      ? `${prefix}${name}`
      : `${prefix}${core.accountId}/${core.region}/${source}/${date.replaceAll("-", "/")}/${name}`;
  }

  #drop({ source, logging, lines }: Batch, why: string): void {
    this.#state.core.log(
      `s3: ${lines.length} access log records of ${source} were not delivered to ${logging.TargetBucket}: ${why}`,
    );
  }
}

/** Why S3's log delivery cannot write to a bucket. */
function refusalOf(state: S3State, target: BucketRecord, key: string, source: string): string | undefined {
  const algorithm = target.encryption[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? "AES256";
  if (algorithm !== "AES256") {
    return `its default encryption is ${algorithm}, and log delivery knows SSE-S3 (AES256) only`;
  }
  if (target.objectLock?.rule !== undefined) {
    return "it has a default retention (object lock), which log delivery cannot write under";
  }
  if (target.requestPayer === "Requester") {
    return "its requesters pay, which log delivery does not";
  }
  const decision = state.core.authorizer.decideForService(
    { service: "logging.s3.amazonaws.com", sourceArn: bucketArn(source) },
    {
      action: "s3:PutObject",
      resource: objectArn(target.name, key),
      conditions: { "s3:TlsVersion": "1.3", "s3:ResourceAccount": state.core.accountId },
      resourcePolicy: bucketPolicy(target),
    },
  );
  if (decision.allowed || (decision.denial === "implicit" && hasLogDeliveryGrant(target))) {
    return undefined;
  }
  return decision.denial === "explicit"
    ? "a statement of its bucket policy denies it to logging.s3.amazonaws.com"
    : "its bucket policy does not allow s3:PutObject to logging.s3.amazonaws.com";
}
