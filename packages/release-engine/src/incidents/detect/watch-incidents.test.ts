import { expect, it } from "vitest";
import type { ReleaseError } from "../../release-error.ts";
import { notAnswering } from "./test/faults.ts";
import { SimulatedEnvironment } from "./test/simulated-environment.ts";
import { watchIncidents } from "./watch-incidents.ts";

it("looks every minute until it is asked to stop, whatever does not answer meanwhile", async () => {
  const environment = await SimulatedEnvironment.begin({ seed: 1, minutes: 60, shape: { peak: 100, night: 100 } });
  const stop = new AbortController();
  const trouble: string[] = [];
  const outcomes: string[] = [];
  let asked = 0;
  const { step } = environment.table;
  await watchIncidents(
    {
      ...environment.ports(),
      // A minute passes whenever it is waited for.
      clock: { now: () => environment.clock.now(), sleep: () => environment.pass() },
    },
    {
      async subject() {
        asked += 1;
        if (asked === 3) {
          throw notAnswering;
        }
        environment.table.step = async () => {
          if (asked === 5) {
            throw notAnswering;
          }
        };
        environment.aws.down.clear();
        if (asked === 7) {
          environment.aws.down.set("metrics", notAnswering);
        }
        return environment.subject();
      },
      signal: stop.signal,
      onLook({ outcome }) {
        outcomes.push(outcome);
        if (outcomes.length === 9) {
          stop.abort();
        }
      },
      onTrouble: ({ what }: ReleaseError) => trouble.push(what),
    },
  );
  environment.table.step = step;

  // The third time nobody could say what there is, and what was known before was looked at; the fifth time the ledger did not answer.
  expect(asked).toBe(10);
  expect(trouble).toEqual(["CloudWatch does not answer", "CloudWatch does not answer"]);
  expect(outcomes).toEqual(["quiet", "quiet", "quiet", "quiet", "quiet", "unknown", "quiet", "quiet", "quiet"]);
});
