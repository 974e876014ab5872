import type { MovedAlias } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { StepContext } from "../release/step-handler.ts";
import type { PublishedFunction } from "./published-functions.ts";
import { inWords, setAlias, type WantedAlias } from "./set-alias.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";

/**
 * Moves the aliases of several functions, one after the other. Should one fail, those before it have moved: the step is begun again, or
 * all are put back.
 */
export async function moveAll(
  { reader, deployer, systemClock }: Pick<TrafficDeps, "reader" | "deployer" | "systemClock">,
  { line, signal }: Pick<StepContext, "line" | "signal">,
  functions: readonly PublishedFunction[],
  wantedOf: (each: PublishedFunction) => Pick<WantedAlias, "version" | "weights">,
): Promise<{ moved: MovedAlias[]; changed: boolean }> {
  const ports = { reader, deployer, clock: systemClock };
  const moved: MovedAlias[] = [];
  let changed = false;
  for (const each of functions) {
    const { name, functionName, alias, version, previousVersion, mine } = each;
    assertNotInterrupted(signal, `before the alias ${alias} of ${functionName} was moved`);
    const wanted = { functionName, alias, ...wantedOf(each), mine };
    const done = await setAlias(ports, wanted);
    changed ||= done.changed;
    line(`${functionName}: ${alias} is ${inWords({ weights: {}, ...wanted })}${done.changed ? "" : " already"}`);
    moved.push({ function: name, functionName, alias, from: previousVersion, to: version });
  }
  return { moved, changed };
}
