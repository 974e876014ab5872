import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "../core/credentials.ts";
import type { Service } from "../core/service.ts";
import { listen } from "../endpoint/http-server.ts";
import { Dispatcher } from "../wire/dispatcher.ts";
import { type FaultRule, Faults } from "../wire/faults.ts";
import { RequestLog } from "../wire/request-log.ts";
import type { TestCore } from "./test-core.ts";

/** A few services behind the real wire layer, for tests of one service with real clients. */
export interface ServedServices {
  readonly url: string;
  /** For AWS SDK clients: `new S3Client({ ...served.client, forcePathStyle: true })`. */
  readonly client: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Environment for AWS CLI and Terraform. */
  readonly env: NodeJS.ProcessEnv;
  readonly faults: Faults;
  readonly requests: RequestLog;
  close(): Promise<void>;
}

/** Serves services on a free port. Closes the services on `close`, but not the core: that belongs to the test. */
export async function serveServices(core: TestCore, services: readonly Service[]): Promise<ServedServices> {
  const folder = mkdtempSync(join(tmpdir(), "local-aws-served-"));
  const faults = new Faults(core.store.collection<FaultRule>("core/faults"));
  const requests = new RequestLog(join(folder, "requests.log"));
  const dispatcher = new Dispatcher({
    services,
    credentials: core.credentials,
    authorizer: core.authorizer,
    faults,
    requests,
    clock: core.clock,
    region: core.region,
    accountId: core.accountId,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const server = await listen(0, async (request, signal) => {
    const outcome = await dispatcher.dispatch(request, signal);
    return outcome.kind === "cut" ? "cut" : outcome.response;
  });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    client: {
      region: core.region,
      endpoint: url,
      credentials: { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
    },
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: core.region,
      AWS_DEFAULT_REGION: core.region,
      AWS_ACCESS_KEY_ID: ROOT_ACCESS_KEY_ID,
      AWS_SECRET_ACCESS_KEY: ROOT_SECRET_ACCESS_KEY,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
    },
    faults,
    requests,
    async close() {
      await server.close();
      for (const service of services) {
        await service.close?.();
      }
      await requests.flush();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
