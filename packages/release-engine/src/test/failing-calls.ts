import { expect } from "vitest";
import { ReleaseError } from "../release-error.ts";
import { expectWhole } from "./expect-whole.ts";
import type { LabOptions, ReleaseLab } from "./release-lab.ts";

const failure = (kind: "throttled" | "unreachable" | "failed", why: string) =>
  new ReleaseError({ kind, what: "The call failed", why, next: "type the same command again" });

/** What AWS and the network do to a call. */
export const faults = {
  throttle: { when: "before", error: failure("throttled", "Rate exceeded") },
  "500": { when: "before", error: failure("failed", "Internal server error") },
  reset: { when: "before", error: failure("unreachable", "ECONNRESET") },
  "lost answer": { when: "after", error: failure("unreachable", "socket hang up") },
} as const;

/**
 * A deployment whose n-th call fails. It is done all the same, or stops with that error and can be resumed.
 *
 * @returns whether there was such a call, and how it came out
 */
export async function deployWithFault(
  from: ReleaseLab,
  n: number,
  fault: keyof typeof faults,
  options: LabOptions = {},
): Promise<"done" | "resumed" | "no such call"> {
  const lab = from.copy();
  const { when, error } = faults[fault];
  const calls = lab.failCall(n, when, error);
  const thrown: unknown = await lab.deploy(options).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (calls() < n) {
    return "no such call";
  }
  if (thrown !== undefined) {
    expect(thrown, `${fault} at call ${n}`).toBe(error);
    const { id, state } = await lab.newest();
    // Before the release was written down there is nothing to resume.
    if (id === (await from.newest()).id) await lab.deploy(options);
    else {
      expect(state).toBe("paused");
      await lab.resume(options);
    }
  }
  expect(`${fault} at call ${n}: ${(await lab.newest()).state}`).toBe(`${fault} at call ${n}: live`);
  await expectWhole(lab);
  return thrown === undefined ? "done" : "resumed";
}

/**
 * A rollback whose n-th call fails. It is done all the same, or stops with that error, and the same command goes on with it.
 *
 * @returns whether there was such a call, and how it came out
 */
export async function rollBackWithFault(
  from: ReleaseLab,
  to: string,
  n: number,
  fault: keyof typeof faults,
): Promise<"done" | "typed again" | "no such call"> {
  const lab = from.copy();
  const { when, error } = faults[fault];
  const calls = lab.failCall(n, when, error);
  const thrown: unknown = await lab.rollBack({ to }).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (calls() < n) {
    return "no such call";
  }
  if (thrown !== undefined) {
    expect(thrown, `${fault} at call ${n}`).toBe(error);
    await lab.rollBack({ to });
  }
  const { functions } = (await lab.records()).find(({ id }) => id === to) ?? { functions: [] };
  for (const { name, version } of functions) {
    expect(lab.world.function(name).alias, `${fault} at call ${n}`).toEqual({ version: Number(version), weights: {} });
  }
  await expectWhole(lab);
  return thrown === undefined ? "done" : "typed again";
}
