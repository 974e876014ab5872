import { expect } from "vitest";
import type { Fault } from "./faults.ts";
import { SimulatedEnvironment } from "./simulated-environment.ts";

/** A fault under way, from the middle of a working day, or of a night. */
async function plant(fault: Fault, seed: number, peak: number, hour: number) {
  const from = Date.UTC(2026, 10, 24, hour);
  return SimulatedEnvironment.begin({
    ...{ seed, from, minutes: 200, shape: { peak, night: peak }, earlierDays: fault.earlierDays ?? 0 },
    fault: (minute, index, environment) => {
      if (index >= QUIET && index < environment.endsAt) {
        fault.apply(minute, environment, index - QUIET);
      }
    },
  });
}

/** All is well for so long. */
const QUIET = 5;
/** And so long it lasts beyond the time in which it has to be found. */
const LASTS = 10;

/**
 * Plants a fault in an environment with so many requests a minute, and expects that it is found in time, once, that it is as bad as the
 * guide says, and that it is over when it is.
 */
export async function expectFound(fault: Fault, seed: number, peak: number): Promise<void> {
  const environment = await plant(fault, seed, peak, 3 + (seed % 20));
  let foundAt: number | undefined;
  const severities = new Set<number>();
  for (let minute = 0; minute < QUIET + fault.withinMinutes + LASTS; minute += 1) {
    await environment.pass();
    const { incidents } = await environment.look();
    expect(incidents.length, `${fault.name}: incidents in minute ${minute - QUIET}`).toBeLessThanOrEqual(
      minute < QUIET ? 0 : 1,
    );
    foundAt ??= incidents.length > 0 ? minute - QUIET + 1 : undefined;
    for (const { severity } of incidents) {
      severities.add(severity);
    }
  }
  expect(foundAt, `${fault.name} with ${peak} requests a minute: found within`).toBeLessThanOrEqual(
    fault.withinMinutes,
  );
  const [incident] = (await environment.look()).incidents;
  expect(incident?.signals.map(({ kind }) => kind)).toContain(fault.kind);
  expect(incident?.severity, `${fault.name}: ${incident?.reasons.join("\n")}`).toBe(fault.severity);
  // Whoever was told of something minor is told when it is worse, and never the other way round.
  expect([...severities]).toEqual([...severities].toSorted((left, right) => right - left));

  environment.endsAt = QUIET + fault.withinMinutes + LASTS;
  fault.end?.(environment);
  for (let minute = 0; minute < 45; minute += 1) {
    await environment.pass();
    await environment.look();
  }
  const after = (await environment.look()).incidents;
  expect(
    after.map(({ id, state, reopened }) => ({ id, state, reopened })),
    fault.name,
  ).toEqual([{ id: "i1", state: "resolved", reopened: 0 }]);
}
