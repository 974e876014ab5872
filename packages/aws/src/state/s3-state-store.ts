import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import {
  ReleaseError,
  type StateBackupEntry,
  type StateBackupStore,
  type StateLock,
  type StateSlot,
  type StateVersionEntry,
  type StateVersions,
  type StoredState,
} from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";
import { errorName } from "../error-name.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { parseState } from "./parse-state.ts";
import { stateLockFile } from "./state-lock-file.ts";

const JSON_TYPE = "application/json";

/**
 * An environment's Terraform state in S3: what is there, what the bucket keeps of it, and the named copies beside it.
 *
 * Copies lie at `STATE_KEY.backups/NAME.json`: under a name of their own each, so that rules for old versions do not reach them; inside of
 * the folder that the environment's roles may read; and not as `*.tfstate`, or they would count as states that own resources.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export class S3StateStore implements StateVersions, StateBackupStore, StateSlot {
  readonly location: string;
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #key: string;

  constructor(s3: S3Client, { bucket, key }: { readonly bucket: string; readonly key: string }) {
    this.location = `s3://${bucket}/${key}`;
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#key = key;
  }

  async present(signal?: AbortSignal): Promise<(StoredState & { readonly tag: string }) | undefined> {
    return this.#read({ Key: this.#key }, signal);
  }

  async readVersion(VersionId: string, signal?: AbortSignal): Promise<StoredState | undefined> {
    return this.#read({ Key: this.#key, VersionId }, signal);
  }

  readBackup(name: string, signal?: AbortSignal): Promise<StoredState | undefined> {
    return this.#read({ Key: this.#backupKey(name) }, signal);
  }

  async versions(abortSignal?: AbortSignal): Promise<readonly StateVersionEntry[]> {
    const found: StateVersionEntry[] = [];
    let KeyMarker: string | undefined;
    let VersionIdMarker: string | undefined;
    do {
      const request = { Bucket: this.#bucket, Prefix: this.#key, KeyMarker, VersionIdMarker };
      const page: ListObjectVersionsCommandOutput = await awsCall(
        "s3:ListBucketVersions",
        `s3://${this.#bucket}`,
        abortSignal,
        (options) => this.#s3.send(new ListObjectVersionsCommand(request), options),
      );
      const isOwn = ({ Key }: { readonly Key?: string }) => Key === this.#key;
      found.push(
        ...(page.Versions ?? [])
          .filter(isOwn)
          .map((each) => ({ ...entryOf(each), bytes: each.Size ?? 0, isDeletion: false })),
        ...(page.DeleteMarkers ?? []).filter(isOwn).map((each) => ({ ...entryOf(each), bytes: 0, isDeletion: true })),
      );
      ({ NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page);
      // Keys come in their order, and the state's own is the first that begins so: lock and backups have longer ones.
    } while (KeyMarker === this.#key);
    // Of one moment, the one that is there now is the newest.
    return found.sort((left, right) => Number(right.isPresent) - Number(left.isPresent) || right.at - left.at);
  }

  async backups(abortSignal?: AbortSignal): Promise<readonly StateBackupEntry[]> {
    const found: StateBackupEntry[] = [];
    const Prefix = `${this.#key}.backups/`;
    let ContinuationToken: string | undefined;
    do {
      const request = { Bucket: this.#bucket, Prefix, ContinuationToken };
      const page = await awsCall("s3:ListBucket", `s3://${this.#bucket}`, abortSignal, (options) =>
        this.#s3.send(new ListObjectsV2Command(request), options),
      );
      for (const { Key = "", Size = 0, LastModified } of page.Contents ?? []) {
        const [, name] = /^([^/]+)\.json$/.exec(Key.slice(Prefix.length)) ?? [];
        if (name !== undefined) {
          found.push({ name, at: LastModified?.getTime() ?? 0, bytes: Size });
        }
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return found.sort((left, right) => right.at - left.at);
  }

  async writeBackup(name: string, Body: string, abortSignal?: AbortSignal): Promise<"written" | "there"> {
    const Key = this.#backupKey(name);
    const request = { Bucket: this.#bucket, Key, Body, ContentType: JSON_TYPE, IfNoneMatch: "*" };
    try {
      await awsCall("s3:PutObject", `s3://${this.#bucket}/${Key}`, abortSignal, (options) =>
        this.#s3.send(new PutObjectCommand(request), options),
      );
      return "written";
    } catch (error) {
      if (error instanceof Error && errorName(error.cause) === "PreconditionFailed") {
        return "there";
      }
      throw error;
    }
  }

  lock(signal?: AbortSignal): Promise<StateLock | undefined> {
    return stateLockFile(this.#s3, { bucket: this.#bucket, key: this.#key }, signal);
  }

  async replace(Body: string, seen: string | undefined): Promise<{ readonly versionId?: string }> {
    const condition = seen === undefined ? { IfNoneMatch: "*" } : { IfMatch: seen };
    const request = { Bucket: this.#bucket, Key: this.#key, Body, ContentType: JSON_TYPE, ...condition };
    try {
      const { VersionId } = await this.#s3.send(new PutObjectCommand(request));
      return VersionId === undefined ? {} : { versionId: VersionId };
    } catch (error) {
      // The first and the second are what S3 says of a condition that does not hold; the third of two writes at the same moment.
      if (["PreconditionFailed", "NoSuchKey", "ConditionalRequestConflict"].includes(errorName(error))) {
        throw new ReleaseError(
          {
            kind: "conflict",
            what: `${this.location} is not any more what it was when it was looked at`,
            why: "somebody else wrote it meanwhile, so nothing was written",
            next: "type the same command again, and look at what it shows now",
          },
          { cause: error },
        );
      }
      throw translateAwsError(error, { action: "s3:PutObject", subject: this.location });
    }
  }

  #backupKey(name: string): string {
    return `${this.#key}.backups/${name}.json`;
  }

  async #read(
    place: { readonly Key: string; readonly VersionId?: string },
    abortSignal: AbortSignal | undefined,
  ): Promise<(StoredState & { readonly tag: string }) | undefined> {
    const { Key, VersionId } = place;
    const subject = `s3://${this.#bucket}/${Key}${VersionId === undefined ? "" : ` (version ${VersionId})`}`;
    const action = VersionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
    let answer: { readonly text: string; readonly tag: string };
    try {
      answer = await awsCall(action, subject, abortSignal, async (options) => {
        const request = new GetObjectCommand({ Bucket: this.#bucket, ...place });
        const { Body, ETag = "" } = await this.#s3.send(request, options);
        return { text: (await Body?.transformToString()) ?? "", tag: ETag };
      });
    } catch (error) {
      if (error instanceof Error && ["NoSuchKey", "NoSuchVersion"].includes(errorName(error.cause))) {
        return undefined;
      }
      throw error;
    }
    try {
      return { ...answer, state: parseState(answer.text, subject) };
    } catch (error) {
      if (error instanceof ReleaseError) {
        return { ...answer, state: undefined, problem: error.why };
      }
      throw error;
    }
  }
}

function entryOf(each: { readonly VersionId?: string; readonly LastModified?: Date; readonly IsLatest?: boolean }) {
  return {
    id: each.VersionId ?? "null",
    at: each.LastModified?.getTime() ?? 0,
    isPresent: each.IsLatest === true,
  };
}
