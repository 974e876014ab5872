import { contextVariable } from "./context-variables.ts";
import type { Exchange } from "./exchange.ts";

/**
 * The value of a mapping expression for a header: a quoted text, `context.name`, `stageVariables.name`, or a part of the request
 * (`method.request.header.name`, `.path.`, `.querystring.`).
 *
 * Source: Amazon API Gateway developer guide, "Parameter mapping source reference".
 *
 * @returns nothing where the request has no such value
 */
export function mappedValue(exchange: Exchange, expression: string): string | undefined {
  if (/^'.*'$/s.test(expression)) {
    return expression.slice(1, -1);
  }
  const [root, ...rest] = expression.split(".");
  if (root === "context") {
    return contextVariable(exchange, rest.join("."));
  }
  if (root === "stageVariables") {
    return exchange.stage.variables?.[rest.join(".")];
  }
  const part = /^method\.request\.(?:multivalue)?(header|path|querystring)\.(.+)$/.exec(expression);
  const name = part?.[2] ?? "";
  switch (part?.[1]) {
    case "header":
      return exchange.request.headers[name.toLowerCase()];
    case "path":
      return exchange.matched?.pathParameters[name];
    case "querystring":
      return exchange.request.query.getAll(name).at(-1);
    default:
      return undefined;
  }
}
