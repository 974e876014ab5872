/** A managed resource in a Terraform state; data sources are not among them. */
export interface StateResource {
  /** `module.table.aws_dynamodb_table.this`. */
  readonly address: string;
  /** `aws_dynamodb_table`. */
  readonly type: string;
  /** The last part of the address, without an instance's key. */
  readonly name: string;
  readonly id?: string;
  readonly arn?: string;
  /** Without those that the state marks as sensitive. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A Terraform state. */
export interface TerraformState {
  /** Grows with every write. */
  readonly serial: number;
  /** One for each state that was ever begun; absent where nobody has a use for it. */
  readonly lineage?: string;
  readonly resources: readonly StateResource[];
  /** Values of the outputs that are not sensitive. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A place where a state is expected. */
export interface StateSource {
  /** The environment, `bootstrap`, or the location itself. */
  readonly name: string;
  /** `s3://terraform-state/prod/terraform.tfstate`, or the path of a file. */
  readonly location: string;
  /**
   * @returns undefined when there is none, as before the first apply
   * @throws ReleaseError when it is there, or may be, and cannot be read
   */
  read(signal?: AbortSignal): Promise<TerraformState | undefined>;
}
