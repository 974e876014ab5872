/** A part of a release, by the moments at which it took effect. Times are milliseconds since the epoch. */
export interface EnvironmentChange {
  /** `r12` */
  readonly release: string;
  readonly part: "code" | "infrastructure" | "data";
  /** When it took effect, in order, each with the share of the traffic that had it from then on; 1 where there are no shares. */
  readonly moments: readonly { readonly at: number; readonly share: number }[];
  /** When it was taken back; not, where a later release was built on it. */
  readonly endedAt?: number;
  /** Whether it goes back to what had run before. */
  readonly isRollback?: boolean;
  /** Functions by their names on AWS, each with the version that the traffic went to. */
  readonly functions?: readonly { readonly name: string; readonly version: string }[];
  /** Files that its commits have changed, and functions in them, by their names: `createItem`, `src/items/create-item.ts`. */
  readonly places?: readonly string[];
  /** What the infrastructure's plan has changed. */
  readonly resources?: readonly ChangedResource[];
  /** Tables by their names on AWS, whose items were written. */
  readonly tables?: readonly string[];
}

/** A resource as a plan names it. */
export interface ChangedResource {
  /** `module.items.aws_iam_role_policy.execution` */
  readonly address: string;
  readonly type: string;
  readonly action: string;
  /** The arguments that change. */
  readonly attributes: readonly string[];
}
