import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { keyNeeds } from "../../core/key-needs.ts";
import { requestFacts } from "../../core/request-facts.ts";
import type { RequestContext } from "../../core/service.ts";
import { functionArn } from "./function-names.ts";
import type { LambdaState } from "./lambda-state.ts";

/**
 * A configuration as the caller may see it: environment variables that are encrypted with a customer key show only to those who may
 * decrypt with it; everybody else gets an error in their place.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 */
export function withReadableEnvironment(
  { core, dependencies }: Pick<LambdaState, "core" | "dependencies">,
  context: RequestContext,
  configuration: FunctionConfiguration,
): FunctionConfiguration {
  const { KMSKeyArn: keyArn, FunctionName: name = "" } = configuration;
  const { keys } = dependencies;
  // A key that is not there any more is nobody's to ask.
  if (configuration.Environment === undefined || keyArn === undefined || keys?.findKeyArn(keyArn) === undefined) {
    return configuration;
  }
  const use = {
    keyArn,
    actions: ["kms:Decrypt"],
    encryptionContext: { "aws:lambda:FunctionArn": functionArn(context, name) },
  };
  const isReadable = keyNeeds(keys, "lambda", use, context).every(
    (need) => core.authorizer.decide(context.principal, need, requestFacts(context)).allowed,
  );
  return isReadable
    ? configuration
    : {
        ...configuration,
        Environment: {
          Error: {
            ErrorCode: "AccessDeniedException",
            Message:
              "Lambda was unable to decrypt your environment variables because the KMS access was denied. Please check your KMS permissions. KMS Exception: AccessDeniedException",
          },
        },
      };
}
