import { ReleaseError, type StateResource, type TerraformState } from "@slipway/release-engine";

const knownVersion = 4;

interface RawState {
  version?: unknown;
  serial?: unknown;
  lineage?: unknown;
  outputs?: Record<string, { value?: unknown; sensitive?: boolean }>;
  resources?: RawResource[];
}

interface RawResource {
  mode: string;
  module?: string;
  type: string;
  name: string;
  instances?: RawInstance[];
}

interface RawInstance {
  index_key?: string | number;
  attributes?: Record<string, unknown>;
  attributes_flat?: Record<string, unknown>;
  /** Paths of sensitive attributes; the first step of each is the attribute's name. */
  sensitive_attributes?: { type: string; value: unknown }[][];
}

/**
 * Reads what a Terraform state says about managed resources. Sensitive values are left behind here, so that nothing after
 * it can print them.
 *
 * @param location for messages
 * @throws {ReleaseError} when it is no state, or one of a version that is not known
 * @see https://developer.hashicorp.com/terraform/internals/json-format for the documented form; the stored one is version 4
 */
export function parseState(text: string, location: string): TerraformState {
  const state = parseJson(text, location);
  if (state.version !== knownVersion || typeof state.serial !== "number") {
    throw unreadable(
      location,
      state.version === undefined
        ? "it has no version, so it is no Terraform state"
        : `it is of version ${String(state.version)}, and only version ${knownVersion} is known`,
    );
  }
  const resources: StateResource[] = [];
  for (const resource of state.resources ?? []) {
    if (resource.mode === "managed") {
      resources.push(...(resource.instances ?? []).map((instance) => readInstance(resource, instance)));
    }
  }
  const outputs = Object.entries(state.outputs ?? {}).filter(([, { sensitive }]) => sensitive !== true);
  return {
    serial: state.serial,
    ...(typeof state.lineage === "string" && state.lineage !== "" ? { lineage: state.lineage } : {}),
    resources,
    outputs: Object.fromEntries(outputs.map(([name, { value }]) => [name, value])),
  };
}

function readInstance({ module, type, name }: RawResource, instance: RawInstance): StateResource {
  const sensitive = new Set((instance.sensitive_attributes ?? []).map(([step]) => String(step?.value)));
  const all = Object.entries(instance.attributes ?? instance.attributes_flat ?? {});
  const attributes = Object.fromEntries(all.filter(([key]) => !sensitive.has(key)));
  const key = instance.index_key;
  const index = key === undefined ? "" : `[${JSON.stringify(key)}]`;
  return {
    address: `${module === undefined ? "" : `${module}.`}${type}.${name}${index}`,
    type,
    name,
    id: textOf(attributes.id),
    arn: textOf(attributes.arn),
    attributes,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function parseJson(text: string, location: string): RawState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(location, "it is no JSON document", cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(location, "it is no JSON object");
  }
  return value;
}

function unreadable(location: string, why: string, cause?: unknown): ReleaseError {
  return new ReleaseError(
    {
      kind: "failed",
      what: `The Terraform state ${location} cannot be read`,
      why,
      next: "check that this is the state that Terraform wrote (terraform state pull), or restore it from an older version",
    },
    { cause },
  );
}
