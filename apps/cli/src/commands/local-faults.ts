import { FAULT_KINDS, type FaultRequest, type FaultRule } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { parseDuration } from "../parse-duration.ts";
import { table } from "../terminal/table.ts";
import { UserError } from "../user-error.ts";

interface FaultOptions extends LocalOptions {
  readonly kind?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly rate?: string;
  readonly count?: string;
  readonly delay?: string;
  readonly perSecond?: string;
}

/** `slipway local faults`: makes local AWS fail on purpose. */
export const localFaults: Command = {
  name: "local faults",
  summary: "plant faults: throttling, errors, delays, cut connections, lost answers",
  arguments: [
    { name: "[action]", description: "what to do", choices: ["list", "add", "remove", "clear"] },
    { name: "[id]", description: "the fault to remove" },
  ],
  options: [
    { flags: "--kind <kind>", description: "what goes wrong", choices: FAULT_KINDS },
    { flags: "--service <id>", description: "service, as in coverage; execute-api for deployed APIs (default: all)" },
    { flags: "--operation <name>", description: "operation, * as a wildcard, ! for all but it (default: all)" },
    { flags: "--resource <name>", description: "table, function, bucket, bucket/key or ARN, * as a wildcard" },
    { flags: "--rate <share>", description: "share of the matching requests, like 0.2 (default: 1)" },
    { flags: "--count <n>", description: "how many hits until it is spent (default: never)" },
    { flags: "--delay <duration>", description: "wait of a delay, like 200ms" },
    { flags: "--per-second <n>", description: "of a throttle: how many requests a second are let through" },
    PORT_OPTION,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway local faults add --kind throttle --service dynamodb --operation PutItem --rate 0.2",
    "slipway local faults add --kind lost-answer --service lambda --operation PublishVersion --count 1",
    "slipway local faults add --kind throttle --service lambda --operation '!Invoke*' --per-second 15",
    "slipway local faults clear",
  ],
  json: { documents: ["local-aws-faults"] },
  async run(options: FaultOptions, io: CommandIo, [action = "list", id]: readonly string[]): Promise<number> {
    const client = new ControlClient(portOf(options, io.env));
    if (action === "add") {
      await client.call<FaultRule>("POST", "faults", faultOf(options));
    } else if (action === "clear") {
      await client.call("DELETE", "faults");
    } else if (action === "remove") {
      if (id === undefined) {
        throw new UserError("id: missing. `slipway local faults` lists them.");
      }
      await client.call("DELETE", `faults/${encodeURIComponent(id)}`);
    }
    const rules = await client.call<FaultRule[]>("GET", "faults");
    io.stdout.write(options.output === "json" ? `${JSON.stringify({ version: 1, faults: rules })}\n` : render(rules));
    return 0;
  },
};

function faultOf(options: FaultOptions): FaultRequest {
  const kind = FAULT_KINDS.find((known) => known === options.kind);
  if (kind === undefined) {
    throw new UserError(`--kind: missing. One of ${FAULT_KINDS.join(", ")}.`);
  }
  return {
    kind,
    service: options.service,
    operation: options.operation,
    resource: options.resource,
    rate: numberOf(options.rate, "--rate"),
    remaining: numberOf(options.count, "--count"),
    perSecond: numberOf(options.perSecond, "--per-second"),
    delayMs: options.delay === undefined ? undefined : parseDuration(options.delay, "--delay"),
  };
}

function numberOf(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value)) {
    throw new UserError(`${flag}: '${text}' is no number.`);
  }
  return value;
}

function render(rules: readonly FaultRule[]): string {
  if (rules.length === 0) {
    return "No faults are planted.\n";
  }
  return table([
    ["id", "kind", "where", "rate", "left", "hits"],
    ...rules.map((rule) => [
      rule.id,
      rule.delayMs !== undefined
        ? `${rule.kind} ${rule.delayMs}ms`
        : rule.perSecond !== undefined
          ? `${rule.kind} above ${rule.perSecond}/s`
          : rule.kind,
      `${rule.service}:${rule.operation}${rule.resource === undefined ? "" : ` on ${rule.resource}`}`,
      String(rule.rate),
      rule.remaining === undefined ? "-" : String(rule.remaining),
      String(rule.hits),
    ]),
  ]);
}
