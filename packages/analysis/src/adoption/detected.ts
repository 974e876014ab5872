import type { SmokeStep } from "@slipway/contracts";
import type { DocumentedOperation } from "./open-api.ts";

/** A Lambda function that Terraform makes. */
export interface DetectedFunction {
  /** What the configuration calls it. */
  readonly name: string;
  readonly address: string;
  readonly file: string;
  readonly handler?: string;
  readonly isImage: boolean;
  /** Whether Terraform publishes a version of each of its configurations; undefined where that is not known. */
  readonly publishes: boolean | undefined;
  /** Whether Terraform leaves the code alone that a release has put there. */
  readonly leavesCode: boolean;
  readonly alias?: {
    readonly address: string;
    readonly file: string;
    /** Whether Terraform leaves it alone where a release has moved it. */
    readonly isLeftAlone: boolean;
  };
  /** The root's outputs that say what to release to, as far as there are such. */
  readonly outputs: { readonly functionName?: string; readonly alias?: string; readonly artifactBucket?: string };
}

/** A way into the API. */
export interface DetectedRoute {
  readonly path: string;
  readonly method: SmokeStep["method"] | "ANY";
  /** The function that answers, by its address; undefined where that is not known, or something else does. */
  readonly answeredBy?: string;
  /** Whether it goes to the function past its alias. */
  readonly isPastAlias: boolean;
  /** Whether anybody may ask. */
  readonly isOpen: boolean;
  /** Whether it is known that the gateway lets nobody in who does not show who they are. */
  readonly refuses: boolean;
  /** Whether it has to be given something besides what is in its path. */
  readonly needsInput: boolean;
}

/** A REST API. */
export interface DetectedApi {
  readonly address: string;
  readonly file: string;
  readonly routes: readonly DetectedRoute[];
  /** What an OpenAPI document of the repository says of that which the routes lead to. */
  readonly operations: readonly DocumentedOperation[];
  /** The root's output with the URL of its stage. */
  readonly urlOutput?: string;
  readonly hasStage: boolean;
  readonly hasAccessLog: boolean;
  readonly isThrottled: boolean;
}

/** A DynamoDB table. */
export interface DetectedTable {
  readonly name: string;
  readonly address: string;
  readonly file: string;
  /** The attribute that leads to one of its records. */
  readonly key?: string;
  /** The root's output with its name. */
  readonly output?: string;
  readonly hasPointInTimeRecovery: boolean;
  /** The variable that says which restored table is in use. */
  readonly restoredVariable?: string;
}

/** How a function's code is made. */
export interface DetectedBuild {
  /** Where the build runs. */
  readonly directory: string;
  readonly build: readonly string[];
  /** The folder that the build fills with what the function needs. */
  readonly artifact: string;
  /** Whether that folder is taken from what the build says, and not from custom. */
  readonly isSure: boolean;
}

/** A root module that makes what a release needs before it. */
export interface DetectedBootstrap {
  readonly directory: string;
  readonly stateBucket?: { readonly output?: string; readonly name?: string };
  readonly ledgerTable?: { readonly output?: string; readonly name?: string };
  readonly roleArns?: string;
  readonly hasOidcProvider: boolean;
}
