import type { TaggedResource, TagSource } from "../../core/ports.ts";
import type { Operations } from "../../core/service.ts";
import { apiKeyOf } from "./api-key-operations.ts";
import { type ApiState, badRequest, filled, notFound } from "./api-state.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");
type Tags = Record<string, string>;

/** TagResource, UntagResource, GetTags for APIs, stages, API keys and usage plans. */
export function tagOperations(state: ApiState): Pick<Operations<Sdk>, "TagResource" | "UntagResource" | "GetTags"> {
  const change = (arn: string | undefined, work: (tags: Tags) => Tags) =>
    state.core.store.transaction(() => {
      const tagged = taggedOf(state, arn);
      tagged.write(work(tagged.tags));
    });
  return {
    TagResource(input) {
      change(input.resourceArn, (tags) => ({ ...tags, ...input.tags }));
      return {};
    },
    UntagResource(input) {
      const removed = new Set(input.tagKeys);
      change(input.resourceArn, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([key]) => !removed.has(key))),
      );
      return {};
    },
    GetTags: (input) => ({ tags: taggedOf(state, input.resourceArn).tags }),
  };
}

/** API Gateway's tagged resources for the tagging API. */
export function tagSource(state: ApiState): TagSource {
  const prefix = `arn:aws:apigateway:${state.core.region}::`;
  return {
    taggedResources() {
      const found: TaggedResource[] = [];
      const add = (arn: string, type: string, tags: Tags | undefined) => {
        if (filled(tags) !== undefined && tags !== undefined) {
          found.push({ arn: prefix + arn, type: `apigateway:${type}`, tags });
        }
      };
      for (const { id, settings } of state.apis.values()) {
        add(`/restapis/${id}`, "restapis", settings.tags);
      }
      for (const [key, stage] of state.stages.entries()) {
        add(`/restapis/${key.split("/")[0]}/stages/${stage.stageName}`, "stages", stage.tags);
      }
      for (const key of state.apiKeys.values()) {
        add(`/apikeys/${key.id}`, "apikeys", key.tags);
      }
      for (const plan of state.usagePlans.values()) {
        add(`/usageplans/${plan.id}`, "usageplans", plan.tags);
      }
      return found;
    },
  };
}

/** The tags of the resource that an ARN names, and how to keep new ones. */
function taggedOf(state: ApiState, arn: string | undefined): { tags: Tags; write: (tags: Tags) => void } {
  const path = /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+::\/(.+)$/.exec(arn ?? "")?.[1];
  if (path === undefined) {
    throw badRequest(`Invalid ARN specified in the request: ${arn}`);
  }
  const [kind, id = "", below, name = "", ...rest] = path.split("/");
  if (kind === "restapis" && below === undefined) {
    const api = state.api(id);
    return {
      tags: api.settings.tags ?? {},
      write: (tags) => state.apis.put(id, { ...api, settings: { ...api.settings, tags } }),
    };
  }
  if (kind === "restapis" && below === "stages" && rest.length === 0) {
    const stage = state.stage(id, name);
    return { tags: stage.tags ?? {}, write: (tags) => state.stages.put(`${id}/${name}`, { ...stage, tags }) };
  }
  if (kind === "apikeys" && below === undefined) {
    const key = apiKeyOf(state, id);
    return { tags: key.tags ?? {}, write: (tags) => state.apiKeys.put(id, { ...key, tags }) };
  }
  if (kind === "usageplans" && below === undefined) {
    const plan = state.usagePlans.get(id);
    if (plan === undefined) {
      throw notFound("Invalid Usage Plan ID specified");
    }
    return { tags: plan.tags ?? {}, write: (tags) => state.usagePlans.put(id, { ...plan, tags }) };
  }
  throw badRequest(
    `Tags are not supported by local AWS for ${arn}: only APIs, stages, API keys and usage plans have them.`,
  );
}
