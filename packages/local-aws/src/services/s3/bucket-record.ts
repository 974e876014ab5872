import type {
  AccelerateConfiguration,
  CORSRule,
  Grant,
  LifecycleRule,
  LoggingEnabled,
  NotificationConfiguration,
  ObjectLockRule,
  ObjectOwnership,
  Payer,
  PublicAccessBlockConfiguration,
  ReplicationConfiguration,
  ServerSideEncryptionRule,
  TransitionDefaultMinimumObjectSize,
  WebsiteConfiguration,
} from "@aws-sdk/client-s3";

/** All that is kept about one bucket beside its objects. A member that is absent was never configured, or was deleted. */
export interface BucketRecord {
  readonly name: string;
  readonly createdAt: Date;
  readonly region: string;
  readonly versioning?: "Enabled" | "Suspended";
  readonly encryption: readonly ServerSideEncryptionRule[];
  readonly ownership?: ObjectOwnership;
  readonly publicAccessBlock?: PublicAccessBlockConfiguration;
  readonly grants: readonly Grant[];
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly lifecycle?: {
    readonly rules: readonly LifecycleRule[];
    readonly transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize;
  };
  readonly logging?: LoggingEnabled;
  readonly notification?: NotificationConfiguration;
  readonly cors?: readonly CORSRule[];
  readonly website?: WebsiteConfiguration;
  readonly accelerate?: NonNullable<AccelerateConfiguration["Status"]>;
  readonly requestPayer?: Payer;
  /** Present when object lock is on; `rule` is the default retention. */
  readonly objectLock?: { readonly rule?: ObjectLockRule };
  readonly replication?: ReplicationConfiguration;
}
