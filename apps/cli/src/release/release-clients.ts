import {
  AwsLiveChecks,
  AwsLogsReader,
  AwsMetricsReader,
  createAwsClients,
  LambdaFunctionDeployer,
  LambdaInvoker,
  S3ArtifactStore,
  S3StateStore,
} from "@slipway/aws";
import { type LogsReader, learnEnvironment, type Redactor, redactedLogs } from "@slipway/release-engine";
import type { ReleaseAccess } from "./release-access.ts";

/** The AWS that a release talks to, each part as who it is for. */
export interface ReleaseClients {
  readonly functions: LambdaFunctionDeployer;
  readonly store: S3ArtifactStore;
  readonly invoker: LambdaInvoker;
  readonly metrics: AwsMetricsReader;
  readonly logs: LogsReader;
  /** Looks at what Terraform has made, as who plans. */
  readonly checks: AwsLiveChecks;
  /** Named copies of the state, as who operates. */
  readonly states: S3StateStore;
  close(): void;
}

/**
 * Makes the clients of a release: who deploys changes code and traffic, who operates reads what came of it.
 *
 * @param redactor learns what functions have in variables that are called secrets
 */
export function releaseClients({ client, state }: ReleaseAccess, redactor: Redactor): ReleaseClients {
  const deploy = createAwsClients(client("deploy"));
  const operate = createAwsClients(client("operate"));
  const invoker = new LambdaInvoker(client("deploy"));
  const metrics = new AwsMetricsReader(client("operate"));
  const logs = new AwsLogsReader(client("operate"));
  const checks = new AwsLiveChecks(client("plan"));
  return {
    ...{ invoker, metrics, checks },
    logs: redactedLogs(logs, redactor),
    functions: new LambdaFunctionDeployer(deploy.lambda, (variables) => learnEnvironment(redactor, variables)),
    store: new S3ArtifactStore(deploy.s3),
    states: new S3StateStore(operate.s3, state),
    close() {
      deploy.destroy();
      operate.destroy();
      invoker.close();
      metrics.close();
      logs.close();
      checks.close();
    },
  };
}
