import { createRedactor, type Redactor } from "@slipway/release-engine";
import { RecordingProgress } from "@slipway/testing";
import { expect, it } from "vitest";
import { stepDetails } from "./step-details.ts";

it("shows one phase for each step, and what is inside of it as its lines", () => {
  const shown = new RecordingProgress();
  const { steps, details } = stepDetails(shown, createRedactor());
  details.report({ type: "phase-line", phase: "prod", text: "before any step" });
  steps.report({ type: "phase-started", phase: "prod.smoke", title: "test the API" });
  details.report({ type: "phase-started", phase: "look", title: "look at prod" });
  details.report({ type: "phase-line", phase: "look", text: "3 of 24" });
  const over = {
    type: "phase-finished",
    phase: "look",
    title: "look at prod",
    outcome: "done",
    durationMs: 1,
  } as const;
  details.report({ ...over, summary: "24 passed" });
  steps.report({ ...over, phase: "prod.smoke", title: "test the API", summary: "13 steps" });
  expect(shown.ended).toEqual(["prod.smoke: done (13 steps)"]);
  expect(shown.lines).toEqual(["before any step", "look at prod", "3 of 24", "look at prod: 24 passed"]);
  expect(shown.events.filter(({ phase }) => phase === "prod.smoke")).toHaveLength(5);
});

it("takes secrets out of details, once, and leaves that to the engine for steps", () => {
  const shown = new RecordingProgress();
  const redactor: Pick<Redactor, "text"> = { text: (value) => `<${value}>` };
  const { steps, details } = stepDetails(shown, redactor as Redactor);
  details.report({ type: "phase-line", phase: "prod", text: "a" });
  steps.report({ type: "phase-started", phase: "prod.smoke", title: "test the API" });
  details.report({ type: "phase-started", phase: "look", title: "b" });
  details.report({ type: "phase-line", phase: "look", text: "c" });
  steps.report({ type: "phase-line", phase: "prod.smoke", text: "d" });
  expect(shown.lines).toEqual(["<a>", "<b>", "<c>", "d"]);
});
