import type { ChangeCounts, Json } from "@slipway/contracts";
import type { Sensitive } from "../sensitive.ts";

/** Terraform, one folder with a root module at a time. */
export interface Terraform {
  /** Makes the folder ready: backend, modules, providers. Does nothing where nothing changed since the last time. */
  init(request: TerraformInit): Promise<TerraformWorkspace>;
}

/** A root module that is ready. */
export interface TerraformWorkspace {
  /** Writes a plan file and changes nothing. */
  plan(request: TerraformPlanRequest): Promise<TerraformPlan>;
  /**
   * Applies a plan file, and nothing but what it says. Once begun it is finished, whatever the signal says: an apply that
   * is interrupted may have made things that are in no state.
   */
  apply(request: TerraformApplyRequest): Promise<ChangeCounts>;
  outputs(request: { signal?: AbortSignal }): Promise<TerraformOutputs>;
}

export interface TerraformInit {
  /** Absolute path of the root module's folder. */
  directory: string;
  /** Arguments that complete a partial backend block, such as `bucket`. */
  backendConfig?: Readonly<Record<string, string>>;
  /** Files with more of them, absolute paths. */
  backendConfigFiles?: readonly string[];
  /** Files with values for the root module's variables, absolute paths: those of `plan` and `import` win over them. */
  variableFiles?: readonly string[];
  /**
   * Use the backend as it is configured now, whatever it was before. Only for generated working copies, and for root modules that
   * several environments are made of, each with a state of its own: for anything else Terraform should ask what happens to the state in the
   * old place.
   */
  reconfigure?: boolean;
  onLine(text: string): void;
  signal?: AbortSignal;
}

export interface TerraformPlanRequest {
  /** Absolute path. The file holds secrets in clear text. */
  planFile: string;
  /** Values for the root module's variables; one that is not declared is an error. */
  variables: Readonly<Record<string, Json>>;
  /** Plan the destruction of everything that is in the state. */
  destroy?: boolean;
  onLine(text: string): void;
  signal?: AbortSignal;
}

export interface TerraformPlan {
  /** Whether there is anything to apply; also true when only outputs change. */
  changed: boolean;
  counts: ChangeCounts;
}

export interface TerraformApplyRequest {
  planFile: string;
  onLine(text: string): void;
  /** Gets what happens as it happens, for the record. */
  onEvent?(event: TerraformEvent): void;
  signal?: AbortSignal;
}

/**
 * Something that Terraform reported while it applied, by Terraform's own name for it. It has no values of resources; what a diagnostic
 * says is Terraform's own text, and may have some.
 *
 * @see https://developer.hashicorp.com/terraform/internals/machine-readable-ui
 */
export interface TerraformEvent {
  readonly type: "apply_start" | "apply_complete" | "apply_errored" | "change_summary" | "diagnostic";
  /** ISO time, on Terraform's clock. */
  readonly at?: string;
  readonly address?: string;
  /** `create`, `update`, `delete`, ... */
  readonly action?: string;
  readonly seconds?: number;
  readonly counts?: ChangeCounts;
  readonly severity?: "error" | "warning";
  readonly text?: string;
}

/** The values of the root module's outputs; those that are marked sensitive show themselves to nobody by accident. */
export type TerraformOutputs = Readonly<Record<string, Json | Sensitive<Json>>>;
