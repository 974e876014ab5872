import { randomUUID } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import { checkTags } from "./group-operations.ts";
import type { LogGroup } from "./group-table.ts";
import {
  checkLimit,
  invalidParameter,
  type Logs,
  type LogsState,
  nameFromIdentifier,
  pageOf,
  requireGroup,
} from "./logs-state.ts";

const MAX_QUERY_PAGE = 1000;
const MAX_QUERIES = 1000;
const MAX_POLICIES = 10;
const MAX_POLICY_BYTES = 5120;

/** Saved queries, resource policies and tags. */
export function savedOperations(state: LogsState): Operations<Logs> {
  return { ...queryDefinitionOperations(state), ...resourcePolicyOperations(state), ...tagOperations(state) };
}

function queryDefinitionOperations({ core, queryDefinitions }: LogsState): Operations<Logs> {
  return {
    PutQueryDefinition(input) {
      const { name = "", queryString = "", logGroupNames = [], queryLanguage = "CWLI" } = input;
      if (queryLanguage !== "CWLI" || input.parameters?.length) {
        throw new AwsError(
          "NotImplemented",
          "Local AWS saves queries of the Logs Insights language (CWLI), without parameters.",
        );
      }
      if (name === "" || name.length > 255 || queryString === "" || queryString.length > 10_000) {
        throw invalidParameter(
          "A query definition needs a name of 1 to 255 characters and a queryString of 1 to 10000.",
        );
      }
      const { clientToken } = input;
      const repeated = queryDefinitions.values().find((each) => clientToken && each.clientToken === clientToken);
      const id = input.queryDefinitionId ?? repeated?.queryDefinitionId ?? randomUUID();
      if (input.queryDefinitionId !== undefined && !queryDefinitions.has(id)) {
        throw new AwsError("ResourceNotFoundException", "The specified query definition does not exist.");
      }
      if (!queryDefinitions.has(id) && queryDefinitions.values().length >= MAX_QUERIES) {
        throw new AwsError("LimitExceededException", `There are ${MAX_QUERIES} query definitions already.`);
      }
      const lastModified = Math.floor(core.clock.now());
      queryDefinitions.put(id, {
        ...{ queryDefinitionId: id, name, queryString, logGroupNames, lastModified },
        ...(clientToken === undefined ? {} : { clientToken }),
      });
      return { queryDefinitionId: id };
    },

    DescribeQueryDefinitions({ queryDefinitionNamePrefix = "", queryLanguage = "CWLI", maxResults, nextToken }) {
      const all = queryLanguage === "CWLI" ? queryDefinitions.values() : [];
      const found = all
        .filter(({ name }) => name.startsWith(queryDefinitionNamePrefix))
        .sort((left, right) => (left.name < right.name ? -1 : 1));
      const { items, next } = pageOf(found, nextToken, checkLimit(maxResults, MAX_QUERY_PAGE, MAX_QUERY_PAGE));
      return {
        queryDefinitions: items.map(({ logGroupNames, clientToken: _, ...rest }) => ({
          ...rest,
          queryLanguage: "CWLI",
          logGroupNames: [...logGroupNames],
        })),
        nextToken: next,
      };
    },

    DeleteQueryDefinition({ queryDefinitionId = "" }) {
      if (!queryDefinitions.delete(queryDefinitionId)) {
        throw new AwsError("ResourceNotFoundException", "The specified query definition does not exist.");
      }
      return { success: true };
    },
  };
}

function resourcePolicyOperations({ core, resourcePolicies }: LogsState): Operations<Logs> {
  return {
    PutResourcePolicy({ policyName = "", policyDocument = "", resourceArn }) {
      if (resourceArn !== undefined) {
        throw new AwsError(
          "NotImplemented",
          "Local AWS has resource policies of the account only: leave resourceArn out.",
        );
      }
      if (policyName === "" || !isPolicy(policyDocument)) {
        throw invalidParameter("The policyDocument must be a JSON policy with statements, and have a policyName.");
      }
      if (Buffer.byteLength(policyDocument) > MAX_POLICY_BYTES) {
        throw invalidParameter(`Resource policy is too long: more than ${MAX_POLICY_BYTES} characters.`);
      }
      if (!resourcePolicies.has(policyName) && resourcePolicies.values().length >= MAX_POLICIES) {
        throw new AwsError("LimitExceededException", "Resource limit exceeded.");
      }
      const policy = { policyName, policyDocument, lastUpdatedTime: Math.floor(core.clock.now()) };
      resourcePolicies.put(policyName, policy);
      return { resourcePolicy: { ...policy, policyScope: "ACCOUNT" } };
    },

    DescribeResourcePolicies({ limit, nextToken }) {
      const { items, next } = pageOf(resourcePolicies.values(), nextToken, checkLimit(limit, 50, 50));
      return { resourcePolicies: items.map((policy) => ({ ...policy, policyScope: "ACCOUNT" })), nextToken: next };
    },

    DeleteResourcePolicy({ policyName = "" }) {
      if (!resourcePolicies.delete(policyName)) {
        throw new AwsError("ResourceNotFoundException", `Policy with name [${policyName}] does not exist.`);
      }
      return {};
    },
  };
}

function tagOperations(state: LogsState): Operations<Logs> {
  const add = (group: LogGroup, tags: Readonly<Record<string, string>>): void => {
    const merged = { ...group.tags, ...tags };
    checkTags(merged);
    state.store.groups.update({ ...group, tags: merged });
  };
  const remove = (group: LogGroup, keys: readonly string[]): void => {
    const tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !keys.includes(key)));
    state.store.groups.update({ ...group, tags });
  };
  const byArn = (arn: string | undefined): LogGroup => {
    if (!arn?.startsWith("arn:")) {
      throw invalidParameter(`1 validation error detected: Value '${arn ?? ""}' at 'resourceArn' is not an ARN`);
    }
    return requireGroup(state, nameFromIdentifier(state.core, arn));
  };
  return {
    TagResource({ resourceArn, tags = {} }) {
      add(byArn(resourceArn), tags);
      return {};
    },
    UntagResource({ resourceArn, tagKeys = [] }) {
      remove(byArn(resourceArn), tagKeys);
      return {};
    },
    ListTagsForResource({ resourceArn }) {
      return { tags: { ...byArn(resourceArn).tags } };
    },
    TagLogGroup({ logGroupName, tags = {} }) {
      add(requireGroup(state, logGroupName), tags);
      return {};
    },
    UntagLogGroup({ logGroupName, tags = [] }) {
      remove(requireGroup(state, logGroupName), tags);
      return {};
    },
    ListTagsLogGroup({ logGroupName }) {
      return { tags: { ...requireGroup(state, logGroupName).tags } };
    },
  };
}

function isPolicy(text: string): boolean {
  try {
    const document = JSON.parse(text) as { Statement?: unknown } | null;
    return typeof document === "object" && document?.Statement !== undefined;
  } catch {
    return false;
  }
}
