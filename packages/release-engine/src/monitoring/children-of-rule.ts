import { alarmName } from "./alarm-name.ts";

/** `ALARM(name)`, `OK("name")`, `INSUFFICIENT_DATA('arn')`; a quoted name may have escaped quotes. */
const STATE = /\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s()"']+))\s*\)/gi;
/** `AT_LEAST(2, ALARM, (a, "b"))`. */
const AT_LEAST =
  /\bAT_LEAST\s*\(\s*\d+%?\s*,\s*(?:NOT\s+)?(?:ALARM|OK|INSUFFICIENT_DATA)\s*,\s*\(((?:"(?:[^"\\]|\\.)*"|[^()"])*)\)/gi;
const NAME = /"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,()"']+)/g;

/**
 * Names of the alarms that the rule of a composite alarm speaks of, each once, in their order.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function childrenOfRule(rule: string): readonly string[] {
  const found = [...rule.matchAll(STATE)].map((match) => ({ at: match.index, name: nameOf(match) }));
  for (const match of rule.matchAll(AT_LEAST)) {
    for (const [index, name] of [...(match[1] ?? "").matchAll(NAME)].map(nameOf).entries()) {
      found.push({ at: match.index + index / 1_000, name });
    }
  }
  return [...new Set(found.toSorted((left, right) => left.at - right.at).map(({ name }) => name))];
}

function nameOf([, double, single, bare]: RegExpMatchArray): string {
  return alarmName(double?.replace(/\\(.)/g, "$1") ?? single ?? bare ?? "");
}
