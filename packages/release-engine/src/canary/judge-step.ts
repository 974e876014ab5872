import type { StepHandler } from "../release/step-handler.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";

/** Watches the new versions beside the old ones for the time of a hold, and judges them again and again. */
export function judgeStep(_deps: TrafficDeps): StepHandler<"traffic.judge"> {
  return async () => {
    throw new Error("not there yet");
  };
}
