import { it } from "vitest";
import { expectWalksComplete } from "./test/expect-walks-complete.ts";

// A sample; list-cursor-walk.soak.test.ts has more of them.
it("shows exactly once what is there all the time, whatever comes and goes between the pages", () =>
  expectWalksComplete(15));
