import {
  type AwsClients,
  AwsMetricsReader,
  AwsTableAlarms,
  createAwsClients,
  LambdaFunctionDeployer,
  LambdaInvoker,
  S3ArtifactStore,
  S3StateStore,
} from "@slipway/aws";
import { AwsLiveChecks } from "@slipway/aws/live-checks";
import { AwsLogsReader } from "@slipway/aws/logs";
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
  /** For the restore of a table; made when it is asked for. */
  restoring(): RestoreClients;
  /** Named copies of the state, as who operates. */
  readonly states: S3StateStore;
  close(): void;
}

/** Who restores and reads, who changes what is restored, and who watches it. */
export interface RestoreClients {
  readonly operate: AwsClients;
  readonly provision: AwsClients;
  readonly alarms: AwsTableAlarms;
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
  let restoring: RestoreClients | undefined;
  return {
    ...{ invoker, metrics, checks },
    restoring() {
      restoring ??= {
        operate: createAwsClients(client("operate")),
        provision: createAwsClients(client("provision")),
        alarms: new AwsTableAlarms(client("operate")),
      };
      return restoring;
    },
    logs: redactedLogs(logs, redactor),
    functions: new LambdaFunctionDeployer(deploy.lambda, (variables) => learnEnvironment(redactor, variables)),
    store: new S3ArtifactStore(deploy.s3),
    states: new S3StateStore(operate.s3, state),
    close() {
      deploy.destroy();
      restoring?.operate.destroy();
      restoring?.provision.destroy();
      restoring?.alarms.close();
      operate.destroy();
      invoker.close();
      metrics.close();
      logs.close();
      checks.close();
    },
  };
}
