import { S3Client } from "@aws-sdk/client-s3";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createS3 } from "./create-s3.ts";

/** S3 behind the real wire layer, with a real client; for the tests of this folder. */
export interface S3TestEndpoint {
  readonly core: TestCore;
  readonly served: ServedServices;
  readonly s3: S3Client;
  readonly ports: ReturnType<typeof createS3>;
  close(): Promise<void>;
}

/** Starts one; call `close` when done. */
export async function s3TestEndpoint(): Promise<S3TestEndpoint> {
  const core = testCore();
  const ports = createS3(core);
  const served = await serveServices(core, [ports.service]);
  const s3 = new S3Client({ ...served.client, forcePathStyle: true, maxAttempts: 1 });
  return {
    core,
    served,
    s3,
    ports,
    async close() {
      s3.destroy();
      await served.close();
      core.dispose();
    },
  };
}
