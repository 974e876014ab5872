/** What Terraform says about code. */
export interface TerraformCodeVerdict {
  readonly ok: boolean;
  /** What is wrong, one line each. */
  readonly messages: readonly string[];
  /** As one could type it. */
  readonly command: string;
}

/** Looks at Terraform code as code: no state is read, nothing of AWS is asked. */
export interface TerraformCode {
  /**
   * Whether all of the infrastructure folder is formatted.
   *
   * @throws {ReleaseError} when Terraform cannot be run, or is interrupted
   */
  format(signal?: AbortSignal): Promise<TerraformCodeVerdict>;
  /**
   * Whether the environment's root module is valid.
   *
   * @throws {ReleaseError} when Terraform cannot be run, its providers cannot be had, or it is interrupted
   */
  validate(signal?: AbortSignal): Promise<TerraformCodeVerdict>;
}
