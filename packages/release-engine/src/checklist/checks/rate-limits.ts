import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { noInputs } from "./inputs.ts";
import { judgeByPolicy } from "./policy-findings.ts";

export const rateLimits: ChecklistCheck = {
  name: "rate-limits",
  section: "Security",
  title: "Rate limiting configured",
  pace: "quick",
  lifetimeMs: 0,
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const state = await facts.state();
    const stages = state?.resources.filter(({ type }) => type === "aws_api_gateway_stage") ?? [];
    if (state !== undefined && state.resources.length > 0 && stages.length === 0) {
      const found = "the state has no stage of API Gateway, so nobody knows what limits requests";
      return [
        { status: "unknown", found, next: "see what stands before the functions, and waive this with that reason" },
      ];
    }
    const limits = (state?.resources ?? [])
      .filter(({ type }) => type === "aws_api_gateway_method_settings")
      .flatMap(({ attributes: { settings } }) => (Array.isArray(settings) ? [settings[0]?.throttling_rate_limit] : []))
      .filter((rate): rate is number => typeof rate === "number" && rate > 0);
    const text =
      limits.length === 0 ? "every stage is throttled" : `throttled at ${limits.join(", ")} requests a second`;
    return [await judgeByPolicy(facts, (id) => id === "settings.throttling", text)];
  },
};
