import { Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { assertNotInterrupted, ReleaseError } from "@slipway/release-engine";
import { translateAwsError } from "../translate-aws-error.ts";
import { damagedExport, type ExportFile } from "./damaged-export.ts";

/** A body that brings nothing for so long is given up. */
const IDLE_MS = 60_000;

/** A body as it comes. */
export interface ObjectStream {
  /** The entity tag, with quotes. */
  readonly etag: string;
  readonly chunks: AsyncGenerator<Uint8Array, void>;
}

/** The line broke while an object was read: it can be read again. */
export class BrokenStream extends Error {
  override readonly name = "BrokenStream";
}

/** Reads the objects of exports. */
export class ExportObjects {
  readonly #s3: Pick<S3Client, "send">;
  readonly #idleMs: number;

  constructor(s3: Pick<S3Client, "send">, idleMs: number = IDLE_MS) {
    this.#s3 = s3;
    this.#idleMs = idleMs;
  }

  /**
   * Opens an object. Its chunks throw {@link BrokenStream} when the line breaks.
   *
   * @param etag - what it must still have
   * @throws {ReleaseError} when it is missing, was changed, or must not be read
   */
  async open(file: ExportFile, signal: AbortSignal | undefined, etag?: string): Promise<ObjectStream> {
    const { bucket, key } = file;
    const subject = `s3://${bucket}/${key}`;
    try {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag });
      const { Body, ETag = "" } = await this.#s3.send(command, { abortSignal: signal });
      if (!(Body instanceof Readable)) {
        throw new Error(`S3 answered ${subject} without a body that can be read`);
      }
      return { etag: ETag, chunks: this.#chunks(Body, subject, signal) };
    } catch (error) {
      assertNotInterrupted(signal, `while ${subject} was read`);
      const name = error instanceof Error ? error.name : "";
      if (name === "NoSuchKey") {
        throw damagedExport(file, "it is missing", error);
      }
      if (name === "PreconditionFailed") {
        throw damagedExport(file, "it was changed while the export was read", error);
      }
      throw translateAwsError(error, { action: "s3:GetObject", subject });
    }
  }

  /** The whole of an object, for manifests. */
  async readAll(file: ExportFile, signal: AbortSignal | undefined): Promise<Buffer> {
    return this.withRetries(file, signal, async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await this.open(file, signal)).chunks) {
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    });
  }

  /** Does something again when the line breaks, three times in all. */
  async withRetries<T>(file: ExportFile, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        this.giveUp(error, file, attempt, signal);
      }
    }
  }

  /** Throws unless it was the line that broke, and not too often. */
  giveUp(error: unknown, { bucket, key }: ExportFile, attempt: number, signal: AbortSignal | undefined): void {
    assertNotInterrupted(signal, `while s3://${bucket}/${key} was read`);
    if (!(error instanceof BrokenStream)) {
      throw error;
    }
    if (attempt >= 3) {
      throw new ReleaseError(
        {
          kind: "unreachable",
          what: `s3://${bucket}/${key} cannot be read to its end`,
          why: `the line broke ${attempt} times; the last time: ${error.message}`,
          next: "check the network, then type the same command again",
        },
        { cause: error },
      );
    }
  }

  async *#chunks(body: Readable, subject: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void> {
    const iterator: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        // Only the wait for S3 counts: whoever reads may take their time.
        const next = await inTime(iterator.next(), this.#idleMs, signal).catch((cause: unknown) => {
          assertNotInterrupted(signal, `while ${subject} was read`);
          throw new BrokenStream(cause instanceof Error ? cause.message : String(cause), { cause });
        });
        if (next.done) {
          return;
        }
        yield next.value;
      }
    } finally {
      body.destroy();
    }
  }
}

/** Waits for something so long at most, or until the signal is given. */
function inTime<T>(promise: Promise<T>, milliseconds: number, signal: AbortSignal | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const give = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    const stop = () => {
      give();
      reject(new Error("it was asked to stop"));
    };
    const timer = setTimeout(() => {
      give();
      reject(new Error(`nothing came for ${milliseconds / 1000} s`));
    }, milliseconds);
    promise.then(
      (value) => {
        give();
        resolve(value);
      },
      (error: unknown) => {
        give();
        reject(error);
      },
    );
    // After somebody listens to the promise: what it comes to when nobody waits any more must not be nobody's.
    if (signal?.aborted) {
      stop();
    } else {
      signal?.addEventListener("abort", stop, { once: true });
    }
  });
}
