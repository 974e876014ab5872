import { expect, test } from "vitest";
import { judgeBreaches } from "./missing-data.ts";

// The tables of AWS's user guide, "Configuring how CloudWatch alarms treat missing data": 0 is a good data point, X a breaching
// one, - a missing one; then the state by `missing`, `ignore`, `breaching`, `notBreaching` (`keep` keeps the current state).

const threeOfThree = `
0 - X - X | OK OK OK OK
0 - - - - | OK OK OK OK
- - - - 0 | OK OK OK OK
- - - - - | INSUFFICIENT_DATA keep ALARM OK
0 X X - X | ALARM ALARM ALARM ALARM
- - - - X | INSUFFICIENT_DATA keep ALARM OK
- - X - - | ALARM keep ALARM OK
X - - - - | ALARM keep ALARM OK
0 0 X X X | ALARM ALARM ALARM ALARM
X X X 0 0 | OK OK OK OK`;

const twoOfThree = `
0 - X - X | ALARM ALARM ALARM ALARM
0 0 X 0 X | ALARM ALARM ALARM ALARM
0 - X - - | OK OK ALARM OK
- - - - 0 | OK OK ALARM OK
- - - - X | INSUFFICIENT_DATA keep ALARM OK
- - - X - | ALARM keep ALARM OK
- - - X X | ALARM ALARM ALARM ALARM
X X 0 0 0 | OK OK OK OK`;

const oneOfOne = `
0 X - | ALARM ALARM ALARM ALARM
X 0 - | OK OK OK OK
- - - | INSUFFICIENT_DATA keep ALARM OK
- - X | ALARM ALARM ALARM ALARM`;

const cases = [
  { m: 3, n: 3, table: threeOfThree },
  { m: 2, n: 3, table: twoOfThree },
  { m: 1, n: 1, table: oneOfOne },
].flatMap(({ m, n, table }) =>
  table
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [points = "", states = ""] = line.split(" | ");
      return (["missing", "ignore", "breaching", "notBreaching"] as const).map((rule, index) => ({
        m,
        n,
        points,
        rule,
        state: states.split(" ")[index],
      }));
    }),
);

test.each(cases)("$m of $n, $points with $rule: $state", ({ m, n, points, rule, state }) => {
  const range = points.split(" ").map((point) => (point === "-" ? undefined : point === "X"));
  const judged = judgeBreaches(range, { datapointsToAlarm: m, evaluationPeriods: n, treatMissingData: rule });
  expect(judged ?? "keep").toBe(state);
});
