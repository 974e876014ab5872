import { readFile } from "node:fs/promises";
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import {
  assertNotInterrupted,
  ReleaseError,
  type StateResource,
  type StateSource,
  type TerraformState,
} from "@slipway/release-engine";
import { translateAwsError } from "../translate-aws-error.ts";
import { parseState } from "./parse-state.ts";

/** Sends one call to AWS, and says what its error means: at once, or at a scan's own pace. */
export type SendCall = <T>(
  action: string,
  subject: string,
  send: (options: { readonly abortSignal?: AbortSignal }) => Promise<T>,
) => Promise<T>;

const sendAtOnce: SendCall = async (action, subject, send) => {
  try {
    return await send({});
  } catch (error) {
    throw translateAwsError(error, { action, subject });
  }
};

/** A state in the state bucket. No object means that there is no state yet; no bucket, or no permission, is an error. */
export function s3State(
  s3: S3Client,
  name: string,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  call: SendCall = sendAtOnce,
): StateSource {
  const location = `s3://${bucket}/${key}`;
  return {
    name,
    location,
    async read(abortSignal): Promise<TerraformState | undefined> {
      let text: string;
      try {
        text = await call("s3:GetObject", location, async (options) => {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
            abortSignal,
            ...options,
          });
          return (await Body?.transformToString()) ?? "";
        });
      } catch (error) {
        // Only whoever may list the bucket is told this; everybody else gets AccessDenied, which is no "there is none".
        if (error instanceof Error && error.cause instanceof Error && error.cause.name === "NoSuchKey") {
          return undefined;
        }
        throw error;
      }
      return parseState(text, location);
    },
  };
}

/**
 * All other states in the state bucket, of workspaces and of projects that the configuration does not know, as one: what
 * they have is owned too.
 *
 * @param known keys that are read on their own
 */
export function otherS3States(
  s3: S3Client,
  bucket: string,
  known: readonly string[],
  call: SendCall = sendAtOnce,
): StateSource {
  const location = `s3://${bucket}/**/*.tfstate`;
  return {
    name: "other states",
    location,
    async read(signal): Promise<TerraformState | undefined> {
      const keys = (await stateKeysIn(s3, bucket, call, signal)).filter((key) => !known.includes(key));
      const resources: StateResource[] = [];
      for (const key of keys) {
        const state = await s3State(s3, key, { bucket, key }, call).read(signal);
        const label = `s3://${bucket}/${key} `;
        resources.push(...(state?.resources ?? []).map((each) => ({ ...each, address: label + each.address })));
      }
      return keys.length === 0 ? undefined : { serial: 0, resources, outputs: {} };
    },
  };
}

async function stateKeysIn(s3: S3Client, bucket: string, call: SendCall, abortSignal?: AbortSignal): Promise<string[]> {
  const keys: string[] = [];
  let next: string | undefined;
  do {
    const page = await call("s3:ListBucket", `s3://${bucket}`, (options) =>
      s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: next }), { abortSignal, ...options }),
    );
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key?.endsWith(".tfstate") === true ? [Key] : [])));
    next = page.NextContinuationToken;
  } while (next !== undefined);
  return keys;
}

/**
 * A state in a file.
 *
 * @param mustExist whether its absence is an error, as for a file that a person named
 */
export function fileState(name: string, path: string, mustExist: boolean): StateSource {
  return {
    name,
    location: path,
    async read(signal): Promise<TerraformState | undefined> {
      let text: string;
      try {
        text = await readFile(path, { encoding: "utf8", signal });
      } catch (cause) {
        assertNotInterrupted(signal, `while the Terraform state ${path} was read`);
        const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
        if (code === "ENOENT" && !mustExist) {
          return undefined;
        }
        throw new ReleaseError(
          {
            kind: code === "EACCES" ? "denied" : "failed",
            what: `The Terraform state ${path} cannot be read`,
            why: cause instanceof Error ? cause.message : String(cause),
            next: "check the path, then type the same command again",
          },
          { cause },
        );
      }
      return parseState(text, path);
    },
  };
}
