import type { Exchange } from "./exchange.ts";

/**
 * Takes the function's ARN out of an integration's or authorizer's URI:
 * `arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{function ARN}/invocations`.
 */
export function functionInUri(uri: string): string | undefined {
  return /^arn:aws[a-z-]*:apigateway:[^:]*:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1];
}

/** Fills `${stageVariables.name}` in; nothing where the stage lacks the variable. */
export function withStageVariables(text: string, exchange: Exchange): string | undefined {
  let complete = true;
  const filled = text.replaceAll(/\$\{stageVariables\.([A-Za-z0-9_]+)\}/g, (_match, name: string) => {
    const value = exchange.stage.variables?.[name];
    complete &&= value !== undefined;
    return value ?? "";
  });
  return complete ? filled : undefined;
}

/** `arn:aws:execute-api:{region}:{account}:{api}/{rest}`. */
export function executeApiArn({ region, accountId, target }: Exchange, rest: string): string {
  return `arn:aws:execute-api:${region}:${accountId}:${target.apiId}/${rest}`;
}
