import type { ChecklistCheck, ChecklistFinding } from "../checklist-check.ts";
import { noInputs } from "./inputs.ts";
import { judgeByPolicy } from "./policy-findings.ts";

/** API Gateway answers over HTTPS only; what is left is that its address says so, and that buckets refuse plain HTTP. */
export const https: ChecklistCheck = {
  name: "https",
  section: "Security",
  title: "HTTPS enforced",
  pace: "quick",
  lifetimeMs: 0,
  inputs: noInputs,
  async judge(facts): Promise<ChecklistFinding[]> {
    const { api } = facts.subject.config;
    const url = (await facts.state())?.outputs[api.urlOutput];
    if (typeof url === "string" && !url.startsWith("https://")) {
      const next = `let the output ${api.urlOutput} be an https:// address`;
      return [{ status: "fail", found: `the API's address is ${url}`, next }];
    }
    const good =
      typeof url === "string" ? `the API is at ${url}, and every bucket demands TLS` : "every bucket demands TLS";
    return [await judgeByPolicy(facts, (id) => id === "settings.tls-only", good)];
  },
};
