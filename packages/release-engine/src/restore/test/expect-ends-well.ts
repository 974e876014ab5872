import { expect } from "vitest";
import { ReleaseError } from "../../release-error.ts";
import { faults } from "../../test/failing-calls.ts";
import type { ReleaseLab } from "../../test/release-lab.ts";
import { expectOneTable, restore } from "./restore-lab.ts";

type Fault = keyof typeof faults;

export const faultNames = Object.keys(faults) as Fault[];

/** Lets one call of a restore after the other fail, from the first on by the stride: it ends well, or stops and is resumed. */
export async function expectEndsWell(
  from: ReleaseLab,
  fault: Fault,
  { first, stride }: { readonly first: number; readonly stride: number },
): Promise<void> {
  const { when, error } = faults[fault];
  for (let n = first; ; n += stride) {
    const lab = from.copy();
    const calls = lab.failCall(n, when, error);
    const thrown: unknown = await restore(lab).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    if (calls() < n) {
      expect(n).toBeGreaterThan(60);
      return;
    }
    if (thrown !== undefined) {
      expect(thrown, `${fault} at call ${n}`).toBeInstanceOf(ReleaseError);
      await ((await lab.newest()).id === "r1" ? restore(lab) : lab.resume());
    }
    expect((await lab.newest()).state, `${fault} at call ${n}`).toBe("live");
    await expectOneTable(lab);
  }
}
