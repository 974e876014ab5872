import type { ReleasePlan, StepKind } from "@slipway/contracts";
import { ReleaseError, type StepContext, type StepHandler, type StepHandlers } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { earlierHandlers } from "./earlier-handlers.ts";

const end = (summary: string): Awaited<ReturnType<StepHandler<StepKind>>> => ({ outcome: "paused", summary, next: "" });
const named = (name: string) =>
  Object.fromEntries(
    ["infrastructure.plan", "code.publish", "smoke", "traffic.promote"].map((kind) => [kind, async () => end(name)]),
  ) as unknown as StepHandlers;
const usual = named("usual");

function take(handlers: StepHandlers, kind: StepKind, parts?: ("code" | "infrastructure")[], release = "r3") {
  const rollsBack = parts === undefined ? {} : { rollsBack: { from: "r2", to: "r1", parts, functions: [] } };
  const context = { plan: { release, ...rollsBack } as unknown as ReleasePlan } as StepContext;
  return (handlers[kind] as StepHandler<StepKind>)(context);
}

it("takes the steps of a rollback of the infrastructure with its earlier files, opened once, and all others as usual", async () => {
  const opened: string[] = [];
  const handlers = earlierHandlers(usual, async ({ release }) => {
    opened.push(release);
    return named("earlier");
  });
  expect(await take(handlers, "infrastructure.plan")).toMatchObject({ summary: "usual" });
  expect(await take(handlers, "infrastructure.plan", ["code"])).toMatchObject({ summary: "usual" });
  expect(opened).toEqual([]);
  expect(await take(handlers, "infrastructure.plan", ["code", "infrastructure"])).toMatchObject({ summary: "earlier" });
  expect(await take(handlers, "code.publish", ["infrastructure"])).toMatchObject({ summary: "earlier" });
  expect(await take(handlers, "smoke", ["infrastructure"])).toMatchObject({ summary: "earlier" });
  expect(await take(handlers, "traffic.promote", ["infrastructure"])).toMatchObject({ summary: "usual" });
  expect(opened).toEqual(["r3"]);
});

it("tries again to bring the files where that has failed", async () => {
  let failing = true;
  const handlers = earlierHandlers(usual, async () => {
    if (failing) {
      throw new ReleaseError({ kind: "not-found", what: "no commit", why: "shallow", next: "git fetch" });
    }
    return named("earlier");
  });
  await expect(take(handlers, "smoke", ["infrastructure"])).rejects.toMatchObject({ kind: "not-found" });
  failing = false;
  expect(await take(handlers, "smoke", ["infrastructure"])).toMatchObject({ summary: "earlier" });
});
