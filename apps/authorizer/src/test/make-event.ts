import type { APIGatewayTokenAuthorizerEvent } from "aws-lambda";

export const STAGE_ARN = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/prod";

/** An event as API Gateway sends it to a TOKEN authorizer. */
export function makeEvent(authorizationToken: string, method = "GET", path = "/items"): APIGatewayTokenAuthorizerEvent {
  return { type: "TOKEN", authorizationToken, methodArn: `${STAGE_ARN}/${method}${path}` };
}
