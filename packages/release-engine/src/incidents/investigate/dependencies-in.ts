import { kindOfError } from "@slipway/analysis";
import type { Investigation } from "@slipway/contracts";
import type { ReadError } from "./read-errors.ts";

const FAILING = new Set(["network", "throttled", "denied", "missing"]);

/** What functions call, and what of it failed, as far as the errors in their logs name it; the most failed first. */
export function dependenciesIn(errors: readonly ReadError[]): Investigation["dependencies"] {
  const found = new Map<string, { failed: number; sample: string }>();
  for (const { fingerprint, count, sample } of errors) {
    if (!FAILING.has(kindOfError(fingerprint.errorClass, fingerprint.message))) {
      continue;
    }
    const name = nameIn(sample) ?? fingerprint.errorClass;
    const known = found.get(name);
    found.set(name, { failed: (known?.failed ?? 0) + count, sample: known?.sample ?? sample });
  }
  return [...found]
    .map(([name, { failed, sample }]) => ({ name, calls: null, failed, sample }))
    .sort((left, right) => right.failed - left.failed);
}

/** What a line says that it could not reach: a field of the log, an action of AWS, an address, an AWS error's class. */
function nameIn(line: string): string | undefined {
  const [, field] = /"(?:dependency|upstream|peer\.service|peerService|target)":\s?"([^"]{1,80})"/.exec(line) ?? [];
  const [, action] = /(?:not authorized to perform:?|performing) ([a-z0-9-]+):[A-Z]\w+/.exec(line) ?? [];
  const [, host] =
    /(?:ENOTFOUND|ECONN\w+|ETIMEDOUT|EAI_AGAIN|https?:\/\/)[ /]*([\w.-]+\.[\w.-]+|localhost)(?::\d+)?/.exec(line) ?? [];
  const table = /StoreUnavailable|ProvisionedThroughput|DynamoDB|dynamodb/.test(line) ? "DynamoDB" : undefined;
  return field ?? action ?? host ?? table;
}
