import type { PolicyDocument, Statement } from "aws-lambda";

/** What a token may do. */
export interface Grant {
  read: boolean;
  write: boolean;
}

/** `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE` at the beginning of a method's ARN, without a character that a policy would read. */
const STAGE_ARN = /^(arn:aws[a-z-]*:execute-api:[a-z\d-]+:\d{12}:[a-z\d]+\/[\w-]+)\//;

const READ_METHODS = ["GET", "HEAD"];
const WRITE_METHODS = ["POST", "PUT", "PATCH", "DELETE"];

/**
 * The policy of a token for a whole stage of an API. API Gateway keeps it for all calls that come with the same token, so it must
 * not depend on the call that happened to be the first one; of its ARN only the stage is used, and never the path, in which the
 * client may write `*`.
 *
 * What is not granted is denied in so many words: an API with a resource policy of its own takes that policy's Allow where the
 * authorizer's says nothing.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 * @param methodArn of the event
 * @throws {Error} when that is no method of a REST API
 */
export function policyFor(methodArn: string, { read, write }: Grant): PolicyDocument {
  const stageArn = STAGE_ARN.exec(methodArn)?.[1];
  if (stageArn === undefined) {
    throw new Error(`methodArn is "${methodArn}", which is no method of a REST API's stage.`);
  }
  const statement = (granted: boolean, methods: readonly string[]): Statement => ({
    Effect: granted ? "Allow" : "Deny",
    Action: "execute-api:Invoke",
    Resource: methods.map((method) => `${stageArn}/${method}/*`),
  });
  return {
    Version: "2012-10-17",
    Statement:
      read || write ? [statement(read, READ_METHODS), statement(write, WRITE_METHODS)] : [statement(false, ["*"])],
  };
}
