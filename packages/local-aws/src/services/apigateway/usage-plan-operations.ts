import type { ApiStage, UsagePlan, UsagePlanKey } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { apiKeyOf } from "./api-key-operations.ts";
import { type ApiState, badRequest, conflict, filled, newApiGatewayId, notFound, page } from "./api-state.ts";
import { applyPatch, type PatchRule } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

/** CreateUsagePlan, GetUsagePlan(s), UpdateUsagePlan, DeleteUsagePlan, the keys of plans, and GetUsage. */
export function usagePlanOperations(
  state: ApiState,
): Pick<
  Operations<Sdk>,
  | "CreateUsagePlan"
  | "GetUsagePlan"
  | "GetUsagePlans"
  | "UpdateUsagePlan"
  | "DeleteUsagePlan"
  | "CreateUsagePlanKey"
  | "GetUsagePlanKey"
  | "GetUsagePlanKeys"
  | "DeleteUsagePlanKey"
  | "GetUsage"
> {
  return {
    CreateUsagePlan(input) {
      if (input.name === undefined || input.name === "") {
        throw badRequest("Usage Plan name cannot be blank");
      }
      const id = newApiGatewayId(6);
      const plan: UsagePlan = {
        id,
        name: input.name,
        description: input.description,
        apiStages: input.apiStages ?? [],
        throttle: input.throttle,
        quota: input.quota === undefined ? undefined : { offset: 0, ...input.quota },
        tags: filled(input.tags),
      };
      for (const stage of plan.apiStages ?? []) {
        checkStage(state, id, stage);
      }
      checkPlan(plan);
      state.usagePlans.put(id, plan);
      return plan;
    },

    GetUsagePlan(input) {
      const plan = planOf(state, input.usagePlanId);
      return { ...plan, tags: plan.tags ?? {} };
    },

    GetUsagePlans(input) {
      const { keyId } = input;
      const plans = state.usagePlans
        .values()
        .filter((plan) => keyId === undefined || state.planKeys.has(`${keyId}/${plan.id}`));
      return page(plans, input.position, input.limit);
    },

    UpdateUsagePlan: (input) =>
      state.core.store.transaction(() => {
        const plan = planOf(state, input.usagePlanId);
        applyPatch(plan, input.patchOperations, rulesFor(state), "plain");
        checkPlan(plan);
        state.usagePlans.put(plan.id ?? "", plan);
        return { ...plan, tags: plan.tags ?? {} };
      }),

    DeleteUsagePlan(input) {
      state.core.store.transaction(() => {
        const { id = "", apiStages = [] } = planOf(state, input.usagePlanId);
        if (apiStages.length > 0) {
          throw badRequest(
            `Cannot delete Usage Plan ${id} because there are API Stages currently associated with it. Please remove all API Stages and try again.`,
          );
        }
        state.usagePlans.delete(id);
        for (const [entry, planKey] of state.planKeys.entries()) {
          if (planKey.planId === id) {
            state.planKeys.delete(entry);
          }
        }
        for (const [entry] of state.usage.entries(`${id}/`)) {
          state.usage.delete(entry);
        }
      });
      return {};
    },

    CreateUsagePlanKey: (input) =>
      state.core.store.transaction(() => {
        const planId = planOf(state, input.usagePlanId).id ?? "";
        if (input.keyType !== "API_KEY") {
          throw badRequest("Invalid Usage Plan Key type specified. Must be API_KEY");
        }
        const keyId = apiKeyOf(state, input.keyId).id ?? "";
        if (state.planKeys.has(`${keyId}/${planId}`)) {
          throw conflict(`Usage plan key ${keyId} already exists in usage plan ${planId}`);
        }
        refuseSecondPlan(state, keyId, planId);
        state.planKeys.put(`${keyId}/${planId}`, { keyId, planId, type: input.keyType });
        return planKeyAnswer(state, keyId, input.keyType);
      }),

    GetUsagePlanKey(input) {
      const planKey = planKeyOf(state, input.usagePlanId, input.keyId);
      return planKeyAnswer(state, planKey.keyId, planKey.type);
    },

    GetUsagePlanKeys(input) {
      const keys = state.planKeys
        .values()
        .filter((planKey) => planKey.planId === input.usagePlanId)
        .map((planKey) => planKeyAnswer(state, planKey.keyId, planKey.type))
        .filter((key) => input.nameQuery === undefined || key.name?.startsWith(input.nameQuery) === true);
      return page(keys, input.position, input.limit);
    },

    DeleteUsagePlanKey(input) {
      const planKey = planKeyOf(state, input.usagePlanId, input.keyId);
      state.planKeys.delete(`${planKey.keyId}/${planKey.planId}`);
      return {};
    },

    GetUsage(input) {
      const plan = planOf(state, input.usagePlanId);
      const days = daysBetween(input.startDate ?? "", input.endDate ?? "");
      const items: Record<string, number[][]> = {};
      for (const [entry, usage] of state.usage.entries(`${plan.id}/`)) {
        const keyId = entry.slice(entry.indexOf("/") + 1);
        if (input.keyId === undefined || input.keyId === keyId) {
          let remaining = plan.quota?.limit ?? 0;
          items[keyId] = days.map((day) => {
            const used = usage[day] ?? 0;
            remaining = Math.max(0, (plan.quota?.period === "DAY" ? (plan.quota.limit ?? 0) : remaining) - used);
            return [used, remaining];
          });
        }
      }
      return { usagePlanId: plan.id, startDate: input.startDate, endDate: input.endDate, items };
    },
  };
}

function planOf(state: ApiState, id: string | undefined): UsagePlan {
  const plan = id === undefined ? undefined : state.usagePlans.get(id);
  if (plan === undefined) {
    throw notFound("Invalid Usage Plan ID specified");
  }
  return plan;
}

function planKeyOf(state: ApiState, planId: string | undefined, keyId: string | undefined) {
  planOf(state, planId);
  const planKey = state.planKeys.get(`${keyId}/${planId}`);
  if (planKey === undefined) {
    throw notFound("Invalid API Key identifier specified");
  }
  return planKey;
}

function planKeyAnswer(state: ApiState, keyId: string, type: string): UsagePlanKey {
  const { value, name } = apiKeyOf(state, keyId);
  return { id: keyId, type, value, name };
}

/** A key may be in several plans, but only in one for the same stage of an API. */
function refuseSecondPlan(state: ApiState, keyId: string, planId: string): void {
  const covers = (id: string) =>
    (state.usagePlans.get(id)?.apiStages ?? []).map((stage) => `${stage.apiId}:${stage.stage}`);
  const mine = covers(planId);
  for (const other of state.planKeys.values(`${keyId}/`)) {
    const shared = covers(other.planId).find((stage) => mine.includes(stage));
    if (shared !== undefined) {
      throw conflict(
        `API Key ${keyId} cannot be added to usage plan ${planId}: usage plan ${other.planId} already covers API stage ${shared} for it`,
      );
    }
  }
}

function checkStage(state: ApiState, planId: string, stage: ApiStage): void {
  if (!state.stages.has(`${stage.apiId}/${stage.stage}`)) {
    throw notFound(`Invalid API Stage {api: ${stage.apiId}, stage: ${stage.stage}} specified for usageplan ${planId}`);
  }
}

function checkPlan(plan: UsagePlan): void {
  const { quota } = plan;
  if (quota === undefined) {
    return;
  }
  const { limit, offset = 0, period } = quota;
  if (limit === undefined || limit < 0 || period === undefined) {
    throw badRequest("Usage Plan quota needs a limit and a period of DAY, WEEK or MONTH");
  }
  const longest = { DAY: 0, WEEK: 6, MONTH: 27 }[period];
  if (longest === undefined || offset < 0 || offset > longest) {
    throw badRequest(`Usage Plan quota offset ${offset} is not allowed for period ${period}`);
  }
}

function rulesFor(state: ApiState): PatchRule<UsagePlan>[] {
  return [
    member("/name", (plan, value) => {
      plan.name = value;
    }),
    member("/description", (plan, value) => {
      plan.description = value;
    }),
    member("/productCode", (plan, value) => {
      plan.productCode = value;
    }),
    {
      path: "/apiStages",
      verbs: ["add", "remove"],
      apply: (plan, value, _keys, verb) => {
        const [apiId, stage] = value.split(":");
        if (apiId === undefined || stage === undefined) {
          throw badRequest("Invalid API Stage specified");
        }
        const others = (plan.apiStages ?? []).filter((entry) => entry.apiId !== apiId || entry.stage !== stage);
        if (verb === "add") {
          checkStage(state, plan.id ?? "", { apiId, stage });
          others.push({ apiId, stage });
        }
        plan.apiStages = others;
      },
    },
    {
      // The method's path is sent with its slashes, escaped or not: /apiStages/{api}:{stage}/throttle//items/GET/rateLimit
      path: /^\/apiStages\/([^/]+)\/throttle\/(.+)\/(rateLimit|burstLimit)$/,
      verbs: ["add", "replace"],
      apply: (plan, value, [id = "", path = "", limit = ""]) => {
        const [apiId, stage] = id.split(":");
        const entry = plan.apiStages?.find((candidate) => candidate.apiId === apiId && candidate.stage === stage);
        if (entry === undefined) {
          throw notFound(`Invalid API Stage {api: ${apiId}, stage: ${stage}} specified for usageplan ${plan.id}`);
        }
        entry.throttle = { ...entry.throttle, [path]: { ...entry.throttle?.[path], [limit]: Number(value) } };
      },
    },
    member(
      "/throttle",
      (plan) => {
        plan.throttle = undefined;
      },
      ["remove"],
    ),
    member("/throttle/rateLimit", (plan, value) => {
      plan.throttle = { ...plan.throttle, rateLimit: Number(value) };
    }),
    member("/throttle/burstLimit", (plan, value) => {
      plan.throttle = { ...plan.throttle, burstLimit: Number(value) };
    }),
    member(
      "/quota",
      (plan) => {
        plan.quota = undefined;
      },
      ["remove"],
    ),
    member("/quota/limit", (plan, value) => {
      plan.quota = { offset: 0, ...plan.quota, limit: Number(value) };
    }),
    member("/quota/offset", (plan, value) => {
      plan.quota = { ...plan.quota, offset: Number(value) };
    }),
    member("/quota/period", (plan, value) => {
      plan.quota = { ...plan.quota, period: value as "DAY" | "WEEK" | "MONTH" };
    }),
  ];
}

function member(
  path: string,
  set: (plan: UsagePlan, value: string | undefined) => void,
  verbs: PatchRule<UsagePlan>["verbs"] = ["add", "replace", "remove"],
): PatchRule<UsagePlan> {
  return { path, verbs, apply: (plan, value, _keys, verb) => set(plan, verb === "remove" ? undefined : value) };
}

const DAY_MS = 86_400_000;

function daysBetween(start: string, end: string): string[] {
  const first = Date.parse(`${start}T00:00:00Z`);
  const last = Date.parse(`${end}T00:00:00Z`);
  if (Number.isNaN(first) || Number.isNaN(last) || last < first || last - first > 366 * DAY_MS) {
    throw badRequest("startDate and endDate must be dates (YYYY-MM-DD), at most a year apart, in that order");
  }
  const days: string[] = [];
  for (let day = first; day <= last; day += DAY_MS) {
    days.push(new Date(day).toISOString().slice(0, 10));
  }
  return days;
}
