import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { assertIsJwks, type Jwks } from "aws-jwt-verify/jwk";
import { KeysUnavailableError } from "./keys-unavailable-error.ts";

/** Two attempts and the rest fit well into the function's timeout. */
const TIMEOUT_MS = 2_000;
/** Some hundred times what issuers publish. */
const LARGEST_BYTES = 512 * 1024;

/**
 * Fetches an issuer's public keys (JSON Web Key Set, RFC 7517), with one more attempt when the first fails. Redirections are not
 * followed: they would lead past the check of the address in the configuration. (aws-jwt-verify's own fetcher speaks https only,
 * and local AWS's issuer http.)
 *
 * @param uri https, or http on loopback
 * @param timeoutMs for one attempt, from the name look-up to the last byte
 * @throws {KeysUnavailableError} when it is not answered with a set of at least one key
 */
export async function fetchKeySet(uri: string, timeoutMs = TIMEOUT_MS): Promise<Jwks> {
  try {
    return parse(await download(uri, timeoutMs).catch(() => download(uri, timeoutMs)));
  } catch (error) {
    throw new KeysUnavailableError(uri, error instanceof Error ? error.message : String(error), error);
  }
}

async function download(uri: string, timeoutMs: number): Promise<string> {
  const signal = AbortSignal.timeout(timeoutMs);
  const { get } = uri.startsWith("https:") ? https : http;
  const request = get(uri, { signal, headers: { accept: "application/json", "user-agent": "items-authorizer" } });
  // A failure in the middle of the answer is told by both, the request and the answer; unheard, the former would end the process.
  request.on("error", () => {});
  try {
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`it answers ${response.statusCode}`);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST_BYTES) throw new Error(`it answers with more than ${LARGEST_BYTES} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    throw signal.aborted ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error;
  } finally {
    request.destroy();
  }
}

function parse(text: string): Jwks {
  const keySet = JSON.parse(text);
  assertIsJwks(keySet);
  if (keySet.keys.length === 0) throw new Error("it publishes no key");
  return keySet;
}
