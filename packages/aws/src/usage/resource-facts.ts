import type { ResourceUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";

interface Facts {
  readonly address?: string;
  readonly type: string;
  readonly name: string;
}

/** An attribute of a resource in the state, where it is a text that is not empty. */
export function textIn({ attributes }: StateResource, key: string): string | undefined {
  const value = attributes[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** It is in the state, and AWS does not have it. */
export function missing(facts: Facts): ResourceUsage {
  return { kind: "missing", ...facts };
}

/** AWS did not let it be seen. */
export function unreadable(facts: Facts, why: string): ResourceUsage {
  return { kind: "unreadable", ...facts, why };
}
