import type { Verdict, VerdictStatus } from "@slipway/contracts";
import { capital } from "./in-words.ts";

/** What decides first. A proof that something is wrong stands, also where something else could not be measured. */
const DECIDING: readonly VerdictStatus[] = ["failed", "error", "inconclusive", "successful"];

/**
 * One verdict of several, such as those about the errors and the latencies of a canary: failed when one is, successful only when all
 * are. Each of n verdicts should have been given its part of the false alarms, `falseAlarms: 0.01 / n`.
 *
 * @param verdicts - by what they are about, such as `errors`
 * @throws RangeError for a name that cannot begin the name of a number
 */
export function combineVerdicts(verdicts: Readonly<Record<string, Verdict>>): Verdict {
  const all = Object.entries(verdicts);
  const wrong = all.find(([name]) => !/^[a-z][A-Za-z0-9]*$/.test(name));
  if (wrong !== undefined) {
    throw new RangeError(`combineVerdicts: '${wrong[0]}' has to be letters and digits, a small letter first.`);
  }
  const status = DECIDING.find((each) => all.some(([, verdict]) => verdict.status === each));
  if (status === undefined) {
    return { status: "inconclusive", reason: "Nothing was judged.", numbers: {} };
  }
  const reasons = all.flatMap(([name, verdict]) =>
    verdict.status === status ? [`${capital(name)}: ${verdict.reason}`] : [],
  );
  const numbers = all.flatMap(([name, verdict]) =>
    Object.entries(verdict.numbers).map(([each, value]): [string, number] => [`${name}${capital(each)}`, value]),
  );
  return { status, reason: reasons.join(" "), numbers: Object.fromEntries(numbers) };
}
