/** A change in a plan, as far as it is judged. */
export interface PlannedChange {
  readonly address: string;
  readonly module_address?: string;
  /** Where it moves from. */
  readonly previous_address?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly change: {
    /** `["no-op"]`, `["create"]`, `["update"]`, `["delete"]`, `["delete", "create"]`, `["create", "delete"]`, `["forget"]`, ... */
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    /** `true` in the place of everything that is known only after the apply. */
    readonly after_unknown?: unknown;
    /** Which attributes force a replacement. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    /** What it is imported from. */
    readonly importing?: unknown;
  };
}

/**
 * What `terraform show -json PLANFILE` prints, as far as it is judged.
 *
 * It says nothing of the backend and nothing of what the provider's settings were before: changes of those cannot be seen in it.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export interface TerraformPlanJson {
  readonly format_version: string;
  readonly errored?: boolean;
  readonly complete?: boolean;
  readonly resource_changes?: readonly PlannedChange[];
  readonly deferred_changes?: readonly unknown[];
  readonly prior_state?: { readonly values?: { readonly root_module?: PriorModule } };
}

interface PriorModule {
  readonly resources?: readonly { readonly mode?: string }[];
  readonly child_modules?: readonly PriorModule[];
}

const KNOWN_MAJOR_VERSION = "1";

/**
 * Checks that it is a plan of a version that is known.
 *
 * @throws {Error} when it is not: what cannot be read must not be judged
 */
export function readPlanJson(value: unknown): TerraformPlanJson {
  const version = (value as Partial<TerraformPlanJson> | null)?.format_version;
  if (typeof version !== "string") {
    throw new Error(
      "this is no plan of Terraform: it has no format_version (terraform show -json PLANFILE prints one)",
    );
  }
  if (version.split(".")[0] !== KNOWN_MAJOR_VERSION) {
    throw new Error(`this plan has the format ${version}, and only ${KNOWN_MAJOR_VERSION}.x is known`);
  }
  return value as TerraformPlanJson;
}

/** Whether the plan makes something out of nothing, so that there are no rights yet that it could widen. */
export function isFirstApply({ prior_state }: TerraformPlanJson): boolean {
  return !hasManaged(prior_state?.values?.root_module);
}

function hasManaged(module: PriorModule | undefined): boolean {
  return (
    (module?.resources ?? []).some(({ mode }) => mode === "managed") || (module?.child_modules ?? []).some(hasManaged)
  );
}
