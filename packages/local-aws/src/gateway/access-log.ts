import { createHash } from "node:crypto";
import type { LogSink } from "../core/ports.ts";
import { contextVariable, type Outcome } from "./context-variables.ts";
import type { Exchange } from "./exchange.ts";

const VARIABLE = /\$context((?:\.[A-Za-z0-9_-]+)+)/g;

/** A format taken apart: text at even places, names of variables at odd ones. */
const formats = new Map<string, readonly string[]>();

/**
 * One line of the access log: the stage's format with its `$context` variables filled in. A variable without a value is `-`;
 * quotes and control characters inside values are escaped, so that a format that is JSON stays JSON.
 *
 * Source: Amazon API Gateway developer guide, "Set up CloudWatch logging for REST APIs in API Gateway", and "Variables for access
 * logging for API Gateway".
 */
export function accessLogLine(format: string, exchange: Exchange, outcome: Outcome): string {
  const parts = partsOf(format);
  let line = "";
  for (const [index, part] of parts.entries()) {
    line += index % 2 === 0 ? part : textFor(part, exchange, outcome);
  }
  return line;
}

/** Writes the line to the log group of the stage's access log settings, where it has them. */
export function writeAccessLog(logs: LogSink, exchange: Exchange, outcome: Outcome): void {
  const { destinationArn, format } = exchange.stage.accessLogSettings ?? {};
  const group = /:log-group:([^:]+)/.exec(destinationArn ?? "")?.[1];
  if (group === undefined || format === undefined || format === "") {
    return;
  }
  logs.append(group, streamName(exchange), [
    { timestamp: exchange.time, message: accessLogLine(format, exchange, outcome) },
  ]);
}

/** API Gateway names its streams by hashes; one stream per stage is enough here. */
export function streamName({ target }: Exchange): string {
  return createHash("md5").update(`${target.apiId}/${target.stage}`).digest("hex");
}

function partsOf(format: string): readonly string[] {
  const known = formats.get(format);
  if (known !== undefined) {
    return known;
  }
  // A split by an expression with a group keeps what the group matched.
  const parts = format.replace(/\n$/, "").split(VARIABLE);
  formats.set(format, parts);
  return parts;
}

function textFor(part: string, exchange: Exchange, outcome: Outcome): string {
  const name = part.slice(1);
  const value = contextVariable(exchange, name, outcome) ?? "-";
  // This one is a quoted text already.
  return name === "error.messageString" ? value : JSON.stringify(value).slice(1, -1);
}
