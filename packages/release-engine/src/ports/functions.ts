/** Looks at functions. Each method throws a ReleaseError of kind `not-found`, `denied`, `throttled`, `unreachable` or `failed`. */
export interface FunctionReader {
  /** @param version a version's number; `$LATEST` when left out */
  readFunction(functionName: string, version?: string): Promise<FunctionState>;
  readAlias(functionName: string, alias: string): Promise<AliasState>;
}

/** Changes functions. Beside the reader's kinds, errors can be `conflict` (changed since) and `busy` (being changed). */
export interface FunctionDeployer {
  /** Points `$LATEST` at an artifact. `revisionId` is that of the state that the decision was made on. */
  updateCode(change: CodeChange): Promise<FunctionState>;
  /** Makes a version of `$LATEST`, or returns the newest one when nothing differs from it. */
  publishVersion(request: { functionName: string; codeSha256: string }): Promise<FunctionState>;
  /** Points an alias at a version, with all of the traffic but what `weights` gives to another. */
  moveAlias(move: AliasMove): Promise<AliasState>;
}

/** `$LATEST`, or a published version, as Lambda's `GetFunctionConfiguration` shows it. */
export interface FunctionState {
  /** A number, or `$LATEST`. */
  version: string;
  /** Base64, as Lambda writes it. */
  codeSha256: string;
  revisionId: string;
  state:
    | "Pending"
    | "Active"
    | "ActiveNonInvocable"
    | "Inactive"
    | "Failed"
    | "Deactivating"
    | "Deactivated"
    | "Deleting";
  lastUpdateStatus: "Successful" | "InProgress" | "Failed";
  /** Lambda's own words for a state or an update that failed. */
  reason?: string;
  /**
   * Digest of everything of the configuration that changes how the code runs; equal for `$LATEST` and for a version that
   * was published from it. Undefined when Lambda did not show all of it.
   */
  configurationDigest: string | undefined;
  /** ARN of the role that the code runs as. */
  role: string;
  /** ARN of the queue or topic for events that it failed on. */
  deadLetterTarget?: string;
  /** Where it logs. */
  logGroup: string;
}

export interface AliasState {
  version: string;
  revisionId: string;
  /** Share of the traffic (0 to 1) by additional version: not empty while traffic is split. */
  weights: Readonly<Record<string, number>>;
}

export interface AliasMove {
  functionName: string;
  alias: string;
  version: string;
  /** Share of the traffic (0 to 1) for another version; none, unless given. */
  weights?: Readonly<Record<string, number>>;
  /** Of the state that the decision was made on; left out where it does not matter what it was. */
  revisionId?: string;
}

export interface CodeChange {
  functionName: string;
  bucket: string;
  key: string;
  revisionId: string;
}
