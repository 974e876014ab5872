import { type Coverage, spanText } from "./monthly-use.ts";
import type { Measured, ResourceUsage } from "./usage.ts";

/** Whether nobody used a resource in the window, and how that is known; null where it is not. */
export function idlenessOf(
  usage: ResourceUsage,
  { hours }: Coverage,
): { idle: boolean | null; because: string | null } {
  const span = spanText(hours);
  switch (usage.kind) {
    case "function":
      return unused([usage.invocations], `no invocation in ${span}`);
    case "rest-api":
      return unused([usage.requests], `no request in ${span}`);
    case "table":
      return unused([usage.readUnits, usage.writeUnits], `no read or write in ${span}`);
    case "log-group":
      return unused([usage.ingestedBytes], `nothing ingested in ${span}`);
    case "bucket":
      return unused([usage.writeRequests, usage.readRequests], `no request in ${span}`);
    case "topic":
      return unused([usage.publishes], `nothing published in ${span}`);
    case "queue":
      return unused([usage.requests], `no request in ${span}`);
    case "key":
      return usage.state === "enabled" ? notKnown : { idle: true, because: `it is ${usage.state.replace("-", " ")}` };
    case "alarm":
      return usage.withoutDataSince === undefined
        ? { idle: false, because: null }
        : { idle: true, because: `without data since ${new Date(usage.withoutDataSince).toISOString().slice(0, 10)}` };
    case "missing":
      return { idle: true, because: "it is in the state, and AWS does not have it" };
    default:
      return notKnown;
  }
}

const notKnown = { idle: null, because: null };

function unused(uses: readonly Measured[], because: string): { idle: boolean | null; because: string | null } {
  if (uses.some((use) => "value" in use && use.value > 0)) {
    return { idle: false, because: null };
  }
  return uses.every((use) => "value" in use) ? { idle: true, because } : notKnown;
}
