import { GetFunctionConfigurationCommand, type LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import { assertNotInterrupted, type FunctionVariables } from "@slipway/release-engine";
import { translateAwsError } from "./translate-aws-error.ts";

/** Names of environment variables, as Lambda has them for what would be published next. */
export class AwsFunctionVariables implements FunctionVariables {
  readonly #lambda: LambdaClient;

  constructor(lambda: LambdaClient) {
    this.#lambda = lambda;
  }

  async namesOf(FunctionName: string, abortSignal?: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    try {
      const { Environment } = await this.#lambda.send(new GetFunctionConfigurationCommand({ FunctionName }), {
        abortSignal,
      });
      return new Set(Object.keys(Environment?.Variables ?? {}));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) {
        return undefined;
      }
      assertNotInterrupted(abortSignal, `while ${FunctionName} was looked at`);
      throw translateAwsError(error, { action: "lambda:GetFunctionConfiguration", subject: FunctionName });
    }
  }
}
