import { randomBytes } from "node:crypto";
import type { ApiKey } from "@aws-sdk/client-api-gateway";
import type { Operations } from "../../core/service.ts";
import { type ApiState, badRequest, conflict, filled, newApiGatewayId, notFound, page } from "./api-state.ts";
import { applyPatch, type PatchRule, replaceFlag, replaceText } from "./patch.ts";

type Sdk = typeof import("@aws-sdk/client-api-gateway");

const LONGEST_TEXT = 1024;
const SHORTEST_VALUE = 20;
const LONGEST_VALUE = 128;

/** CreateApiKey, GetApiKey(s), UpdateApiKey, DeleteApiKey. */
export function apiKeyOperations(
  state: ApiState,
): Pick<Operations<Sdk>, "CreateApiKey" | "GetApiKey" | "GetApiKeys" | "UpdateApiKey" | "DeleteApiKey"> {
  return {
    CreateApiKey(input) {
      if ((input.stageKeys ?? []).length > 0) {
        throw badRequest("stageKeys are not supported by local AWS: put the key into a usage plan instead.");
      }
      checkText(input.name, input.description);
      const value = input.value === undefined || input.value === "" ? newValue() : input.value;
      if (value.length < SHORTEST_VALUE) {
        throw badRequest(`API Key value should be at least ${SHORTEST_VALUE} characters`);
      }
      if (value.length > LONGEST_VALUE) {
        throw badRequest(`API Key value exceeds maximum size of ${LONGEST_VALUE} characters`);
      }
      const id = newApiGatewayId(10);
      const now = state.now();
      const key: ApiKey = {
        id,
        value,
        name: input.name === "" ? undefined : input.name,
        customerId: input.customerId,
        description: input.description,
        enabled: input.enabled ?? false,
        createdDate: now,
        lastUpdatedDate: now,
        stageKeys: [],
        tags: filled(input.tags),
      };
      state.core.store.transaction(() => {
        if (state.apiKeyValues.has(value)) {
          throw conflict("API Key already exists");
        }
        state.apiKeys.put(id, key);
        state.apiKeyValues.put(value, id);
      });
      return key;
    },

    GetApiKey: (input) => apiKeyAnswer(apiKeyOf(state, input.apiKey), input.includeValue === true),

    GetApiKeys(input) {
      const keys = state.apiKeys
        .values()
        .filter(
          (key) =>
            (input.nameQuery === undefined || key.name?.startsWith(input.nameQuery) === true) &&
            (input.customerId === undefined || key.customerId === input.customerId),
        )
        .map((key) => apiKeyAnswer(key, input.includeValues === true));
      return page(keys, input.position, input.limit);
    },

    UpdateApiKey: (input) =>
      state.core.store.transaction(() => {
        const key = apiKeyOf(state, input.apiKey);
        applyPatch(key, input.patchOperations, rules, "listed");
        checkText(key.name, key.description);
        key.lastUpdatedDate = state.now();
        state.apiKeys.put(key.id ?? "", key);
        return { ...apiKeyAnswer(key, false), tags: key.tags ?? {} };
      }),

    DeleteApiKey(input) {
      state.core.store.transaction(() => {
        const { id = "", value = "" } = apiKeyOf(state, input.apiKey);
        state.apiKeys.delete(id);
        state.apiKeyValues.delete(value);
        for (const [entry] of state.planKeys.entries(`${id}/`)) {
          state.planKeys.delete(entry);
        }
      });
      return {};
    },
  };
}

/** @throws AwsError `NotFoundException` */
export function apiKeyOf(state: ApiState, id: string | undefined): ApiKey {
  const key = id === undefined ? undefined : state.apiKeys.get(id);
  if (key === undefined) {
    throw notFound("Invalid API Key identifier specified");
  }
  return key;
}

function apiKeyAnswer(key: ApiKey, withValue: boolean): ApiKey {
  const { value, ...rest } = key;
  return withValue ? key : rest;
}

function newValue(): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  return [...randomBytes(40)].map((byte) => alphabet[byte % alphabet.length]).join("");
}

function checkText(name: string | undefined, description: string | undefined): void {
  if ((name ?? "").length > LONGEST_TEXT) {
    throw badRequest(`Invalid API Key name, can be at most ${LONGEST_TEXT} characters.`);
  }
  if ((description ?? "").length > LONGEST_TEXT) {
    throw badRequest("Invalid API Key description specified.");
  }
}

const rules: PatchRule<ApiKey>[] = [
  replaceText("/description", (key, value) => {
    key.description = value;
  }),
  replaceFlag("/enabled", (key, value) => {
    key.enabled = value;
  }),
  replaceText("/name", (key, value) => {
    key.name = value;
  }),
  replaceText("/customerId", (key, value) => {
    key.customerId = value;
  }),
];
