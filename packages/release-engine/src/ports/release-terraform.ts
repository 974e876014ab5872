import type { PlanReading } from "@slipway/analysis";
import type { Json, PlanGround } from "@slipway/contracts";
import type { Terraform, TerraformInit, TerraformWorkspace } from "./terraform.ts";

/** Terraform, as a release needs it: what is approved has to be known to the byte. */
export interface ReleaseTerraform extends Terraform {
  init(request: TerraformInit): Promise<ReleaseWorkspace>;
}

/** A root module that is ready. */
export interface ReleaseWorkspace extends TerraformWorkspace {
  /**
   * What a plan file says.
   *
   * @throws {ReleaseError} when it is no plan file of this Terraform
   */
  show(request: {
    readonly planFile: string;
    /** Gets every text that the plan marks as sensitive, before anything of it is shown. */
    onSecret(secret: string): void;
    readonly signal?: AbortSignal;
  }): Promise<ShownPlan>;
  /**
   * What tells one version of the state from all others; serial 0 and no lineage where there is no state yet.
   *
   * @throws {ReleaseError} when it cannot be read
   */
  stateVersion(request: { readonly signal?: AbortSignal }): Promise<StateVersion>;
  /**
   * Forgets what is at an address: what it was goes on to exist. It is finished once it is begun.
   *
   * @see https://developer.hashicorp.com/terraform/cli/commands/state/rm
   */
  forget(request: { readonly address: string; onLine?(text: string): void }): Promise<void>;
  /**
   * Takes over what exists already, at an address that has nothing. It is finished once it is begun.
   *
   * @see https://developer.hashicorp.com/terraform/cli/import
   */
  import(request: {
    readonly address: string;
    readonly id: string;
    readonly variables: Readonly<Record<string, Json>>;
    onLine?(text: string): void;
  }): Promise<void>;
  /**
   * Breaks a lock on the state that is known to be a dead process's, and no other: a Terraform that was killed leaves it for ever.
   *
   * @throws {ReleaseError} `busy` where that is not known: it says who has it, and how a person breaks it
   */
  breakAbandonedLock(request: {
    readonly lock: StateLock;
    onLine?(text: string): void;
    readonly signal?: AbortSignal;
  }): Promise<void>;
}

/** Who holds the lock of a state, in Terraform's words. */
export interface StateLock {
  /** What `terraform force-unlock` wants to be told. */
  readonly id: string;
  /** `person@host`. */
  readonly who: string;
  /** `OperationTypeApply`, for example. */
  readonly operation: string;
  /** When, as Terraform writes it: in UTC. */
  readonly created: string;
}

/** A version of a state: Terraform applies a plan only to the one that it was made on. */
export interface StateVersion {
  /** Grows with every write. */
  readonly serial: number;
  /** One for each state that was ever begun. */
  readonly lineage: string;
}

/** A plan file, read. */
export interface ShownPlan {
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly digest: string;
  /** The state that it was made on, as the plan file itself has it. */
  readonly state: StateVersion;
  readonly ground: PlanGround;
  readonly reading: PlanReading;
}
