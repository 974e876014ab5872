import { describe, it } from "vitest";
import { expectFound } from "./test/expect-found.ts";
import { faults, unreachable } from "./test/faults.ts";

describe.each(faults)("$name", (fault) => {
  it("is found in time, once, is as bad as the guide says, and is over when it is", async () => {
    await expectFound(fault, 7, 120);
  });
});

it("finds that nobody gets through where hardly anybody asks", async () => {
  await expectFound(unreachable, 3, 0.2);
});
