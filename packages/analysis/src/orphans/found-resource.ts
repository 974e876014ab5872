import type { ResourceType, ResourceUse } from "@slipway/contracts";

/** A resource that exists, as a scan of the account saw it. */
export interface FoundResource {
  readonly type: ResourceType;
  /** What AWS CLI's delete command knows it by. */
  readonly id: string;
  /** What people know it by, where that is not the id: a REST API's, a saved query's. */
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt?: number;
  /** Where AWS does not say when it was made. */
  readonly modifiedAt?: number;
  /** `undefined` until they have been read, and for types that have none. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Set where AWS made it for itself; says what it is. */
  readonly awsOwned?: string;
  /** Set where it is on its way out already; says until when. */
  readonly leaving?: string;
  /** The resource with which it lives and dies, where AWS says so: the key of an alias, the table of a backup. */
  readonly parent?: ResourceReference;
  /** What the service itself says about its use. */
  readonly use?: ResourceUse;
  /** When it was last used, where the service says that; `null` where it says that it never was. */
  readonly lastUsedAt?: number | null;
  readonly facts?: ResourceFacts;
}

export interface ResourceReference {
  readonly type: ResourceType;
  readonly id: string;
}

/** What the cost and the commands depend on. */
export interface ResourceFacts {
  /** Stored bytes, as far as they were counted. */
  readonly bytes?: number;
  /** Objects or object versions of a bucket, items of a table. */
  readonly count?: number;
  /** Whether there is more than was counted. */
  readonly isMore?: boolean;
  readonly isVersioned?: boolean;
  readonly deletionProtection?: boolean;
  /** A table's provisioned capacity; left out for on-demand. */
  readonly readCapacityUnits?: number;
  readonly writeCapacityUnits?: number;
  /** Managed policies of a role. */
  readonly attachedPolicyArns?: readonly string[];
  readonly inlinePolicyNames?: readonly string[];
  readonly instanceProfileNames?: readonly string[];
  /** Versions of a managed policy that are not the default. */
  readonly otherVersionIds?: readonly string[];
  /** Who has a managed policy attached. */
  readonly attachedTo?: readonly { readonly kind: "role" | "user" | "group"; readonly name: string }[];
  /** Stages of a usage plan, `api:stage`. */
  readonly apiStages?: readonly string[];
  /** Number of metrics that an alarm watches; each is billed. */
  readonly alarmMetrics?: number;
  /** An alarm with a period below a minute. */
  readonly isHighResolution?: boolean;
}
