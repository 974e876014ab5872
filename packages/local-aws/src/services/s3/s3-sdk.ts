import type { InputOf, OperationName, Operations, OutputOf } from "../../core/service.ts";

/** The SDK's module of S3, whose types every operation here is checked against. */
export type S3 = typeof import("@aws-sdk/client-s3");
/** Operations of S3 by name. */
export type S3Operations = Operations<S3>;
/** Input of an S3 operation: `S3Input<"PutObject">`. */
export type S3Input<N extends OperationName<S3>> = InputOf<S3, N>;
/** Output of an S3 operation. */
export type S3Output<N extends OperationName<S3>> = OutputOf<S3, N>;
