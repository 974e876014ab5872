import {
  type FunctionConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  type AliasConfiguration as LambdaAlias,
  type LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import type {
  AliasMove,
  AliasState,
  CodeChange,
  FunctionDeployer,
  FunctionReader,
  FunctionState,
} from "@slipway/release-engine";
import { configurationDigest } from "./configuration-digest.ts";
import { translateAwsError } from "./translate-aws-error.ts";

/** Functions on Lambda. */
export class LambdaFunctionDeployer implements FunctionReader, FunctionDeployer {
  readonly #lambda: LambdaClient;
  readonly #onVariables: (variables: Readonly<Record<string, string>>) => void;

  /** @param onVariables gets the environment variables of every function that is looked at: some hold secrets, which must not be shown */
  constructor(
    lambda: LambdaClient,
    onVariables: (variables: Readonly<Record<string, string>>) => void = () => undefined,
  ) {
    this.#lambda = lambda;
    this.#onVariables = onVariables;
  }

  async readFunction(functionName: string, version?: string): Promise<FunctionState> {
    const command = new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: version });
    const subject = version === undefined ? `the function ${functionName}` : `version ${version} of ${functionName}`;
    const found = await this.#call("lambda:GetFunctionConfiguration", subject, this.#lambda.send(command));
    this.#onVariables(found.Environment?.Variables ?? {});
    return toFunctionState(found);
  }

  async readAlias(functionName: string, alias: string): Promise<AliasState> {
    const command = new GetAliasCommand({ FunctionName: functionName, Name: alias });
    const subject = `the alias ${alias} of ${functionName}`;
    return toAliasState(await this.#call("lambda:GetAlias", subject, this.#lambda.send(command)));
  }

  async updateCode({ functionName, bucket, key, revisionId }: CodeChange): Promise<FunctionState> {
    const command = new UpdateFunctionCodeCommand({
      FunctionName: functionName,
      S3Bucket: bucket,
      S3Key: key,
      RevisionId: revisionId,
    });
    const subject = `the function ${functionName} from s3://${bucket}/${key}`;
    return toFunctionState(await this.#call("lambda:UpdateFunctionCode", subject, this.#lambda.send(command)));
  }

  async publishVersion({
    functionName,
    codeSha256,
  }: {
    functionName: string;
    codeSha256: string;
  }): Promise<FunctionState> {
    const command = new PublishVersionCommand({ FunctionName: functionName, CodeSha256: codeSha256 });
    const subject = `the function ${functionName} with CodeSha256 ${codeSha256}`;
    return toFunctionState(await this.#call("lambda:PublishVersion", subject, this.#lambda.send(command)));
  }

  async moveAlias({ functionName, alias, version, weights = {}, revisionId }: AliasMove): Promise<AliasState> {
    const command = new UpdateAliasCommand({
      FunctionName: functionName,
      Name: alias,
      FunctionVersion: version,
      // Left out it would stay as it is: all of the traffic means none to another version.
      RoutingConfig: { AdditionalVersionWeights: { ...weights } },
      RevisionId: revisionId,
    });
    const subject = `the alias ${alias} of ${functionName}, to version ${version}`;
    return toAliasState(await this.#call("lambda:UpdateAlias", subject, this.#lambda.send(command)));
  }

  async #call<T>(action: string, subject: string, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw translateAwsError(error, { action, subject });
    }
  }
}

function toFunctionState(configuration: FunctionConfiguration): FunctionState {
  const { Version, CodeSha256, RevisionId, State, LastUpdateStatus } = configuration;
  const { StateReason, LastUpdateStatusReason, DeadLetterConfig, LoggingConfig } = configuration;
  const deadLetterTarget = DeadLetterConfig?.TargetArn;
  return {
    version: known(Version, "Version"),
    codeSha256: known(CodeSha256, "CodeSha256"),
    revisionId: known(RevisionId, "RevisionId"),
    // Functions that are older than states have none, and are active.
    state: State ?? "Active",
    lastUpdateStatus: LastUpdateStatus ?? "Successful",
    reason: LastUpdateStatus === "Failed" ? LastUpdateStatusReason : StateReason,
    configurationDigest: configurationDigest(configuration),
    role: known(configuration.Role, "Role"),
    ...(deadLetterTarget ? { deadLetterTarget } : {}),
    // Functions that are older than the setting have none, and log where functions always have.
    logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${known(configuration.FunctionName, "FunctionName")}`,
  };
}

function toAliasState({ FunctionVersion, RevisionId, RoutingConfig }: LambdaAlias): AliasState {
  return {
    version: known(FunctionVersion, "FunctionVersion"),
    revisionId: known(RevisionId, "RevisionId"),
    weights: RoutingConfig?.AdditionalVersionWeights ?? {},
  };
}

/** The SDK's types allow every member to be missing; Lambda's answers always have these. */
function known(value: string | undefined, member: string): string {
  if (value === undefined) {
    throw new Error(`Lambda's answer has no ${member}`);
  }
  return value;
}
