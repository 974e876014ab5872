import { type LocalAws, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY, startLocalAws } from "@slipway/local-aws";
import { temporaryFolder } from "@slipway/testing";

/** A local AWS in this process, for tests of what talks to AWS. */
export interface LocalAwsFixture {
  readonly localAws: LocalAws;
  /** Of root, for SDK clients. */
  readonly client: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Plants a fault, as `slipway local faults add` does. */
  plantFault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  clearFaults(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a {@link LocalAwsFixture} on a free port with a temporary folder. */
export async function localAwsFixture(): Promise<LocalAwsFixture> {
  const folder = temporaryFolder();
  const localAws = await startLocalAws({ port: 0, dataDir: folder.path });
  const faults = async (method: string, body?: object) => {
    const response = await fetch(`${localAws.endpoint}/_slipway/faults`, {
      method,
      headers: { "x-slipway-control": "1", "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} faults was answered ${response.status}: ${await response.text()}`);
    }
  };
  return {
    localAws,
    client: {
      region: "us-east-1",
      endpoint: localAws.endpoint,
      credentials: { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
    },
    plantFault: (fault) => faults("POST", fault),
    clearFaults: () => faults("DELETE"),
    async close() {
      await localAws.stop();
      folder[Symbol.dispose]();
    },
  };
}
