import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allowEverything } from "../authorization/allow-everything.ts";
import { VirtualClock } from "../core/clock.ts";
import type { Core } from "../core/core.ts";
import { type Credential, Credentials } from "../core/credentials.ts";
import type { RequestContext } from "../core/service.ts";
import { openStore } from "../store/store.ts";

/** A {@link Core} in a temporary folder, for tests of a service's operations without the endpoint. */
export interface TestCore extends Core {
  readonly clock: VirtualClock;
  /** A context as root's requests have it. */
  context(overrides?: Partial<RequestContext>): RequestContext;
  dispose(): void;
}

/** Makes a {@link TestCore}; call `dispose` when done. */
export function testCore(): TestCore {
  const directory = mkdtempSync(join(tmpdir(), "local-aws-test-"));
  const store = openStore(directory);
  const clock = new VirtualClock();
  const accountId = "000000000000";
  const credentials = new Credentials(store.collection<Credential>("credentials"), accountId);
  return {
    accountId,
    region: "us-east-1",
    endpoint: () => "http://127.0.0.1:4566",
    store,
    clock,
    credentials,
    authorizer: allowEverything,
    log: () => {},
    context: (overrides = {}) => ({
      requestId: "00000000-0000-4000-8000-000000000000",
      region: "us-east-1",
      accountId,
      principal: { type: "root", arn: `arn:aws:iam::${accountId}:root`, userId: accountId, accountId },
      clock,
      http: {
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        rawQuery: "",
        headers: {},
        rawHeaders: [],
        body: new Uint8Array(),
        remoteAddress: "127.0.0.1",
      },
      responseHeaders: {},
      signal: new AbortController().signal,
      ...overrides,
    }),
    dispose() {
      clock.close();
      store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
