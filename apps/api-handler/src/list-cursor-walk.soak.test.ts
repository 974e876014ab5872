import { it } from "vitest";
import { expectWalksComplete } from "./test/expect-walks-complete.ts";

it("shows exactly once what is there all the time, whatever comes and goes between the pages", () =>
  expectWalksComplete(300));
