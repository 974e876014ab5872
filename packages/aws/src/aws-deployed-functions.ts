import { GetAliasCommand, GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type DeployedFunction, type DeployedFunctions, ReleaseError } from "@slipway/release-engine";
import { type AwsClientOptions, clientSettings } from "./client-settings.ts";
import { translateAwsError } from "./translate-aws-error.ts";

/** Looks at functions on Lambda. */
export class AwsDeployedFunctions implements DeployedFunctions {
  readonly #lambda: LambdaClient;

  constructor(options: AwsClientOptions) {
    this.#lambda = new LambdaClient(clientSettings(options));
  }

  async read(FunctionName: string, alias: string | undefined, abortSignal?: AbortSignal): Promise<DeployedFunction> {
    try {
      const versions = alias === undefined ? [undefined] : await this.#versionsOf(FunctionName, alias, abortSignal);
      const read = await Promise.all(versions.map((version) => this.#version(FunctionName, version, abortSignal)));
      return read.reduce((newest, each) => (each.publishedAt > newest.publishedAt ? each : newest));
    } catch (error) {
      throw error instanceof ReleaseError
        ? error
        : translateAwsError(error, {
            action: "lambda:GetFunctionConfiguration",
            subject: `the function ${FunctionName}`,
          });
    }
  }

  /** Closes the connections. */
  close(): void {
    this.#lambda.destroy();
  }

  /** All that the alias sends traffic to: one, or two in the middle of a shift. */
  async #versionsOf(FunctionName: string, Name: string, abortSignal: AbortSignal | undefined): Promise<string[]> {
    const { FunctionVersion = "$LATEST", RoutingConfig } = await this.#lambda.send(
      new GetAliasCommand({ FunctionName, Name }),
      { abortSignal },
    );
    return [FunctionVersion, ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {})];
  }

  async #version(
    FunctionName: string,
    Qualifier: string | undefined,
    abortSignal: AbortSignal | undefined,
  ): Promise<DeployedFunction> {
    const answer = await this.#lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName, ...(Qualifier === undefined ? {} : { Qualifier }) }),
      { abortSignal },
    );
    // Of a published version, which never changes, this is when it was published: 2026-11-28T09:15:30.500+0000.
    const publishedAt = Date.parse(answer.LastModified ?? "");
    if (Number.isNaN(publishedAt)) {
      throw new ReleaseError({
        kind: "failed",
        what: `Nobody knows when version ${answer.Version} of ${FunctionName} was published`,
        why: `Lambda says ${answer.LastModified ?? "nothing"}`,
        next: "say when it was released: --released-at TIME",
      });
    }
    const reason = answer.StateReason ?? answer.LastUpdateStatusReason;
    return {
      ...{ version: answer.Version ?? "$LATEST", publishedAt },
      ...{ state: answer.State ?? "unknown", lastUpdate: answer.LastUpdateStatus ?? "unknown" },
      ...(reason === undefined ? {} : { reason }),
    };
  }
}
