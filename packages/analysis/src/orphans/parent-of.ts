import type { FoundResource, ResourceReference } from "./found-resource.ts";

/**
 * The resource that another one was made for and that it should vanish with.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export function parentOf({ type, name, parent }: FoundResource): ResourceReference | undefined {
  if (parent !== undefined || type !== "log-group") {
    return parent;
  }
  const functionName = /^\/aws\/lambda\/([^/]+)$/.exec(name)?.[1];
  if (functionName !== undefined) {
    return { type: "lambda-function", id: functionName };
  }
  const api = /^API-Gateway-Execution-Logs_([^/]+)\/./.exec(name)?.[1];
  return api === undefined ? undefined : { type: "rest-api", id: api };
}
