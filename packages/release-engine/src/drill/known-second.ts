import type { DrillGround } from "../ports/drill-stage.ts";

/** Longer than a second, in which AWS tells nothing from anything. */
const APART_MS = 2_000;

/** A whole second on the ground's clock, after everything that was done before and before everything that is done next. */
export async function knownSecond(ground: Pick<DrillGround, "now" | "pass">): Promise<string> {
  await ground.pass(APART_MS);
  const second = Math.floor((await ground.now()) / 1_000) * 1_000;
  await ground.pass(APART_MS);
  return new Date(second).toISOString().replace(".000Z", "Z");
}
