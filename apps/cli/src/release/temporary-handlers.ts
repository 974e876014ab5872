// Until the handler of this step is there.
import type { StepHandlers } from "@slipway/release-engine";

export function temporaryChecks(): Pick<StepHandlers, "checklist"> {
  const none = { pass: 0, fail: 0, unknown: 0, waived: 0 };
  return { checklist: async () => ({ outcome: "done", summary: "temporary", result: none }) };
}
