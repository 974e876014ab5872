import { AwsError } from "../core/aws-error.ts";

/** A decoded `aws-chunked` body. */
export interface ChunkedBody {
  readonly body: Uint8Array;
  /** Headers that came after the body, names in lower case (checksums). */
  readonly trailers: Readonly<Record<string, string>>;
}

/** Checks the signature that a chunk carries; chunks come in order, the empty last one included. */
export type ChunkVerifier = (chunk: Uint8Array, signature: string | undefined) => void;

/**
 * Decodes the `aws-chunked` content encoding: `size[;chunk-signature=...]\r\n data \r\n ... 0 \r\n trailers`.
 *
 * @throws AwsError `IncompleteBody` when the framing is broken
 */
export function decodeAwsChunked(encoded: Uint8Array, verify: ChunkVerifier = () => {}): ChunkedBody {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const chunks: Buffer[] = [];
  let at = 0;
  const line = (): string => {
    const end = bytes.indexOf("\r\n", at);
    if (end === -1) {
      throw new AwsError("IncompleteBody", "The request body terminated unexpectedly.", { status: 400 });
    }
    const text = bytes.toString("latin1", at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const [size = "", ...extensions] = line().split(";");
    const length = Number.parseInt(size, 16);
    if (!/^[0-9a-f]+$/i.test(size.trim()) || at + length > bytes.length) {
      throw new AwsError("IncompleteBody", "The request body has a malformed chunk.", { status: 400 });
    }
    const chunk = bytes.subarray(at, at + length);
    verify(chunk, extensions.find((extension) => extension.startsWith("chunk-signature="))?.slice(16));
    at += length;
    if (length === 0) {
      break;
    }
    chunks.push(chunk);
    if (line() !== "") {
      throw new AwsError("IncompleteBody", "The request body has a malformed chunk.", { status: 400 });
    }
  }
  const trailers: Record<string, string> = {};
  while (at < bytes.length) {
    const text = line();
    const colon = text.indexOf(":");
    if (colon > 0) {
      trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
    }
  }
  return { body: Buffer.concat(chunks), trailers };
}
