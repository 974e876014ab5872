import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Blobs } from "../../store/store.ts";

/** Serves deployment packages to whoever has the link, as AWS does for ten minutes with a presigned URL. */
export interface CodeDownload {
  /** A link to a deployment package, for `Code.Location` of `GetFunction`. */
  location(blob: string): Promise<string>;
  close(): void;
}

const VALID_FOR_MS = 10 * 60_000;

/** Makes a {@link CodeDownload}; it listens on a free loopback port from the first link on. */
export function createCodeDownload(blobs: Blobs): CodeDownload {
  const key = randomBytes(32);
  let listening: Promise<Server> | undefined;
  const sign = (blob: string, expires: string) => createHmac("sha256", key).update(`${blob} ${expires}`).digest("hex");

  const answers = (url: string | undefined): string | undefined => {
    const { pathname, searchParams } = new URL(url ?? "/", "http://127.0.0.1");
    const blob = pathname.slice(1).replace(/\.zip$/, "");
    const expires = searchParams.get("Expires") ?? "";
    const given = Buffer.from(searchParams.get("Signature") ?? "");
    const wanted = Buffer.from(sign(blob, expires));
    const valid = given.length === wanted.length && timingSafeEqual(given, wanted) && Number(expires) > Date.now();
    return valid ? blobs.path(blob) : undefined;
  };

  const listen = () =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer((request, response) => {
        const path = answers(request.url);
        if (path === undefined) {
          response
            .writeHead(403)
            .end("This link to a deployment package has expired. Call GetFunction for a new one.\n");
          return;
        }
        createReadStream(path)
          .on("error", () => response.destroy())
          .once("open", () => response.writeHead(200, { "Content-Type": "application/zip" }))
          .pipe(response);
      });
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve(server.unref()));
    });

  return {
    async location(blob) {
      listening ??= listen();
      const { port } = (await listening).address() as AddressInfo;
      const expires = String(Date.now() + VALID_FOR_MS);
      return `http://127.0.0.1:${port}/${blob}.zip?Expires=${expires}&Signature=${sign(blob, expires)}`;
    },
    close() {
      void listening?.then((server) => {
        server.close();
        server.closeAllConnections();
      });
    },
  };
}
