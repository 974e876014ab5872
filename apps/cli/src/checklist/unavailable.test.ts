import { ReleaseError } from "@slipway/release-engine";
import { expect, test } from "vitest";
import { SetupError } from "../../../../scripts/setup/setup-error.mjs";
import { UserError } from "../user-error.ts";
import { available, orUnavailable } from "./unavailable.ts";

test("what can be opened is there", async () => {
  expect(available(await orUnavailable(async () => 7))).toBe(7);
});

test("what cannot be opened says why, each time that it is used", async () => {
  const denied = new ReleaseError({ kind: "denied", what: "No", why: "AccessDenied", next: "ask" });
  expect(() => available({ failure: denied })).toThrow(denied);
  expect(await orUnavailable(() => Promise.reject(denied))).toEqual({ failure: denied });

  const setUp = await orUnavailable(() => {
    throw new SetupError({ what: "Slipway is not set up", why: "no setup.json", next: "npm run setup" });
  });
  expect(setUp).toMatchObject({
    failure: { what: "Slipway is not set up", why: "no setup.json", next: "npm run setup" },
  });

  const unsaid = await orUnavailable(() => {
    throw new UserError("bootstrap.state: is not in slipway.config.ts. Add it with the bucket.");
  });
  expect(unsaid).toMatchObject({
    failure: { why: "bootstrap.state: is not in slipway.config.ts", next: "Add it with the bucket." },
  });
});

test("an interrupt and a bug are not kept", async () => {
  const interrupted = new ReleaseError({ kind: "interrupted", what: "Stopped", why: "asked to", next: "again" });
  await expect(orUnavailable(() => Promise.reject(interrupted))).rejects.toThrow(interrupted);
  await expect(orUnavailable(() => Promise.reject(new TypeError("bug")))).rejects.toThrow(TypeError);
});
