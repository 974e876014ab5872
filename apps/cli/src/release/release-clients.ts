import {
  AwsLiveChecks,
  AwsLogsReader,
  AwsMetricsReader,
  createAwsClients,
  LambdaFunctionDeployer,
  LambdaInvoker,
  S3ArtifactStore,
} from "@slipway/aws";
import type { ReleaseAccess } from "./release-access.ts";

/** The AWS that a release talks to, each part as who it is for. */
export interface ReleaseClients {
  readonly functions: LambdaFunctionDeployer;
  readonly store: S3ArtifactStore;
  readonly invoker: LambdaInvoker;
  readonly metrics: AwsMetricsReader;
  readonly logs: AwsLogsReader;
  /** Looks at what Terraform has made, as who plans. */
  readonly checks: AwsLiveChecks;
  close(): void;
}

/** Makes the clients of a release: who deploys changes code and traffic, who operates reads what came of it. */
export function releaseClients({ client }: ReleaseAccess): ReleaseClients {
  const deploy = createAwsClients(client("deploy"));
  const invoker = new LambdaInvoker(client("deploy"));
  const metrics = new AwsMetricsReader(client("operate"));
  const logs = new AwsLogsReader(client("operate"));
  const checks = new AwsLiveChecks(client("plan"));
  return {
    ...{ invoker, metrics, logs, checks },
    functions: new LambdaFunctionDeployer(deploy.lambda),
    store: new S3ArtifactStore(deploy.s3),
    close() {
      deploy.destroy();
      invoker.close();
      metrics.close();
      logs.close();
      checks.close();
    },
  };
}
