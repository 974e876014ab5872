import type { ApiKey, ApiStage, UsagePlan } from "@aws-sdk/client-api-gateway";
import type { ApiState, UsageRecord } from "../services/apigateway/api-state.ts";
import type { Exchange } from "./exchange.ts";
import { GatewayError } from "./gateway-error.ts";
import type { TokenBuckets } from "./token-buckets.ts";

const DAY_MS = 86_400_000;

/** The value of the API key that a request came with: from its header, or from its authorizer. */
export function presentedApiKey(exchange: Exchange): string | undefined {
  return exchange.api.apiKeySource === "AUTHORIZER"
    ? exchange.authorizer?.usageIdentifierKey
    : exchange.request.headers["x-api-key"];
}

/**
 * Checks a request's API key against the usage plans of the stage, and counts the request.
 *
 * Source: Amazon API Gateway developer guide, "Usage plans and API keys for REST APIs".
 *
 * @throws GatewayError `INVALID_API_KEY`, `THROTTLED` or `QUOTA_EXCEEDED`
 */
export function meter(exchange: Exchange, state: ApiState, buckets: TokenBuckets): ApiKey {
  const key = keyByValue(state, presentedApiKey(exchange));
  const plan = key === undefined ? undefined : planOf(exchange, state, key);
  if (key === undefined || plan === undefined) {
    throw new GatewayError("INVALID_API_KEY", "Forbidden");
  }
  throttle(exchange, buckets, plan.plan, plan.stage, key);
  if (plan.plan.quota !== undefined) {
    count(exchange, state, plan.plan, key);
  }
  return key;
}

function keyByValue(state: ApiState, value: string | undefined): ApiKey | undefined {
  const id = value === undefined ? undefined : state.apiKeyValues.get(value);
  const key = id === undefined ? undefined : state.apiKeys.get(id);
  return key?.enabled === true ? key : undefined;
}

function planOf({ target }: Exchange, state: ApiState, key: ApiKey): { plan: UsagePlan; stage: ApiStage } | undefined {
  for (const { planId } of state.planKeys.values(`${key.id}/`)) {
    const plan = state.usagePlans.get(planId);
    const stage = plan?.apiStages?.find(({ apiId, stage: name }) => apiId === target.apiId && name === target.stage);
    if (plan !== undefined && stage !== undefined) {
      return { plan, stage };
    }
  }
  return undefined;
}

function throttle(exchange: Exchange, buckets: TokenBuckets, plan: UsagePlan, stage: ApiStage, key: ApiKey): void {
  const { matched } = exchange;
  const name = `${matched?.resourcePath}/${matched?.method.httpMethod}`;
  const perMethod = stage.throttle?.[name] ?? stage.throttle?.[name.replace(/^\//, "")];
  const limits = [
    { key: `plan ${plan.id} ${key.id} ${name}`, settings: perMethod },
    { key: `plan ${plan.id} ${key.id}`, settings: plan.throttle },
  ];
  for (const { key: bucket, settings } of limits) {
    if (settings === undefined) {
      continue;
    }
    const rate = settings.rateLimit ?? 0;
    // A plan without a burst limit still lets a second's worth of requests come at once.
    const burst =
      settings.burstLimit === undefined || settings.burstLimit === 0 ? Math.max(1, rate) : settings.burstLimit;
    if (rate > 0 && !buckets.take(bucket, { rate, burst })) {
      throw new GatewayError("THROTTLED", "Too Many Requests");
    }
  }
}

function count({ time }: Exchange, state: ApiState, plan: UsagePlan, key: ApiKey): void {
  const { limit = 0, offset = 0, period = "DAY" } = plan.quota ?? {};
  const entry = `${plan.id}/${key.id}`;
  const usage: UsageRecord = state.usage.get(entry) ?? {};
  const since = periodStart(time, period, offset);
  const used = Object.entries(usage).reduce((sum, [day, requests]) => (day >= since ? sum + requests : sum), 0);
  if (used >= limit) {
    throw new GatewayError("QUOTA_EXCEEDED", "Limit Exceeded");
  }
  const today = dayOf(time);
  state.usage.put(entry, { ...usage, [today]: (usage[today] ?? 0) + 1 });
}

/**
 * The first day of the quota period that a time falls into: weeks start on Sunday and months on the first, both later by the plan's
 * offset in days.
 */
function periodStart(time: number, period: "DAY" | "WEEK" | "MONTH", offset: number): string {
  const now = new Date(time);
  if (period === "WEEK") {
    const days = (now.getUTCDay() - offset + 7) % 7;
    return dayOf(time - days * DAY_MS);
  }
  if (period === "MONTH") {
    const months = now.getUTCDate() > offset ? now.getUTCMonth() : now.getUTCMonth() - 1;
    return dayOf(Date.UTC(now.getUTCFullYear(), months, 1 + offset));
  }
  return dayOf(time);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
