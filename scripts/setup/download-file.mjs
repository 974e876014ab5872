// Run as a program (by the Node in node_modules): download-file.mjs URL TARGET
// A process of its own, so that it can be told to honour the proxy variables (NODE_USE_ENV_PROXY, Node 22.21 and
// later), which the `fetch` of Node 20 does not know.

import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { runTool } from "./run-tool.mjs";

/** How long a server may keep silent before it counts as unreachable. */
const silenceMs = 20_000;

/**
 * Downloads a file, honouring HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
 *
 * @param {string} url
 * @param {string} target path of the file to write; removed again when the download fails
 * @param {{ node: string, env: NodeJS.ProcessEnv }} context `node`: the Node 22 to run the download with
 * @returns {Promise<string>} SHA-256 of the content, in hex
 * @throws {Error} with the reason (status code, or the network's error) as its message
 */
export async function downloadFile(url, target, { node, env }) {
  const result = await runTool(node, [fileURLToPath(import.meta.url), url, target], {
    env: { ...env, NODE_USE_ENV_PROXY: "1", NODE_NO_WARNINGS: "1" },
    supervised: true,
  });
  if (result.code !== 0) {
    throw new Error(result.stderr.trim() || result.error?.message || `the download ended with ${result.signal}`);
  }
  return result.stdout.trim();
}

/**
 * @param {string} url
 * @param {string} target
 * @returns {Promise<string>} SHA-256 in hex
 */
async function download(url, target) {
  const abort = new AbortController();
  const expire = () => abort.abort(new Error(`no answer within ${silenceMs / 1000} s`));
  let timer = setTimeout(expire, silenceMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || response.body === null) {
      throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    }
    await pipeline(
      Readable.fromWeb(/** @type {import("node:stream/web").ReadableStream} */ (response.body)),
      async function* (chunks) {
        for await (const chunk of chunks) {
          clearTimeout(timer);
          timer = setTimeout(expire, silenceMs);
          yield chunk;
        }
      },
      createWriteStream(target),
    );
    const hash = createHash("sha256");
    await pipeline(createReadStream(target), hash);
    return hash.digest("hex");
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {unknown} error
 * @returns {string} the innermost reason: `fetch failed` alone says nothing
 */
function reasonOf(error) {
  let reason = error;
  while (reason instanceof Error && reason.cause instanceof Error) {
    reason = reason.cause;
  }
  return reason instanceof Error ? reason.message || reason.name : String(reason);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , url = "", target = ""] = process.argv;
  download(url, target).then(
    (digest) => process.stdout.write(`${digest}\n`),
    (error) => {
      process.stderr.write(`${reasonOf(error)}\n`);
      process.exitCode = 1;
    },
  );
}
