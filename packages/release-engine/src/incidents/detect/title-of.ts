import { cutText } from "@slipway/analysis";
import type { IncidentSignal, SignalKind } from "@slipway/contracts";

/** What says most about an incident comes first. */
const ORDER: readonly SignalKind[] = [
  ...(["data", "errors", "probe", "throttling", "traffic", "latency", "security", "resources"] as const),
  ...(["alarm", "log-errors", "backup", "operations", "monitoring"] as const),
];

/** What users see says more than what is behind it. */
const OUTSIDE: readonly IncidentSignal["resource"]["type"][] = ["api", "function", "table"];

const LONGEST = 120;

/** One line on what an incident is, by its signals. */
export function titleOf(signals: readonly IncidentSignal[]): string {
  const rank = ({ kind, resource }: IncidentSignal) => {
    const outside = OUTSIDE.indexOf(resource.type);
    return ORDER.indexOf(kind) * 10 + (outside === -1 ? OUTSIDE.length : outside);
  };
  const [first, ...others] = signals.toSorted((left, right) => rank(left) - rank(right));
  if (first === undefined) {
    return "something is not as it should be";
  }
  const same = others.filter(({ kind }) => kind === first.kind).length;
  const more = first.kind === "monitoring" && same > 0 ? `, and ${same} more` : "";
  return cutText(`${wordsOf(first)}${more}`, LONGEST);
}

function wordsOf({ kind, resource, value, unit, what, fingerprint = "" }: IncidentSignal): string {
  const { name } = resource;
  switch (kind) {
    case "errors":
      return `${name}: ${value} % ${resource.type === "api" ? "of the answers are server errors" : "of the calls fail"}`;
    case "traffic":
      return `${name}: no requests come any more`;
    case "latency":
      return unit === "ms"
        ? `${name}: answers take much longer than on earlier days`
        : `${name}: ${value} % of the answers are slow`;
    case "throttling":
      return `${name}: ${value} % is refused`;
    case "probe":
      return `${name} does not answer our own requests as it should`;
    case "data":
      return `${name}: items are not what they should be: ${fingerprint}`;
    case "security":
      return fingerprint === "" ? what : `${name} may not do what it has to: ${fingerprint}`;
    case "resources":
      return `${name}: ${what}`;
    case "log-errors":
      return `${name} logs new errors: ${fingerprint}`;
    case "alarm":
      return `the alarm ${name} is in ALARM`;
    case "backup":
      return `a scheduled backup was not made: the alarm ${name} is in ALARM`;
    case "monitoring":
    case "operations":
      return what;
  }
}
