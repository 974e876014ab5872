/** One version of a function, as it is kept: `$LATEST`, which changes, or a published one, which does not. */
export interface VersionRecord {
  /** `$LATEST` or a number. */
  readonly version: string;
  /** Changes with every update of code or configuration; a published version has that of the `$LATEST` it was made from. */
  readonly contentId: string;
  readonly revisionId: string;
  readonly lastModified: number;
  readonly state: "Pending" | "Active";
  readonly lastUpdateStatus: "InProgress" | "Successful";
  readonly code: CodeRecord;
  readonly settings: FunctionSettings;
}

/** A deployment package. */
export interface CodeRecord {
  /** SHA-256 in base64. */
  readonly sha256: string;
  readonly size: number;
  /** Its bytes in the blob store. */
  readonly blob: string;
  readonly architecture: "x86_64" | "arm64";
}

/** The configuration of a version. */
export interface FunctionSettings {
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  readonly ephemeralStorageMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly kmsKeyArn: string | undefined;
  readonly tracingMode: "Active" | "PassThrough";
  readonly deadLetterArn: string | undefined;
  readonly logging: {
    readonly format: "Text" | "JSON";
    readonly group: string;
    readonly applicationLevel: string | undefined;
    readonly systemLevel: string | undefined;
  };
}

/** A function. Its published versions, aliases, policies and asynchronous settings are records of their own. */
export interface FunctionRecord {
  readonly name: string;
  readonly latest: VersionRecord;
  readonly tags: Readonly<Record<string, string>>;
  readonly reservedConcurrency: number | undefined;
  /** Highest number that a version has had. */
  readonly lastVersion: number;
  /** {@link VersionRecord.contentId} of the newest published version. */
  readonly publishedContentId: string | undefined;
  readonly recursiveLoop: "Allow" | "Terminate";
}

/** A name for a version, or for two with weights. */
export interface AliasRecord {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly revisionId: string;
  /** Share of invocations (0 to 1) that go to another version. */
  readonly additional: { readonly version: string; readonly weight: number } | undefined;
}

/** A statement of a function's resource policy, in the form that AWS writes it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: "*" | { readonly Service: string } | { readonly AWS: string };
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** How asynchronous invocations of a function, version or alias are handled. */
export interface EventInvokeRecord {
  readonly qualifier: string;
  readonly lastModified: number;
  readonly maximumRetryAttempts: number | undefined;
  readonly maximumEventAgeSeconds: number | undefined;
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
}
