import { it } from "vitest";
import { expectEndsWell, faultNames } from "./test/expect-ends-well.ts";
import { deployedWithTable } from "./test/restore-lab.ts";

it.each(faultNames)("a restore ends well, or stops and is resumed, whichever call fails by %s", async (fault) => {
  await expectEndsWell(await deployedWithTable(), fault, { first: 1, stride: 1 });
});
