import { LambdaServiceException } from "@aws-sdk/client-lambda";
import { ReleaseError } from "@slipway/release-engine";
import { describe, expect, it } from "vitest";
import { translateAwsError } from "./translate-aws-error.ts";

const call = { action: "lambda:PublishVersion", subject: "the function app" };

function answered(name: string, message = "AWS says so", httpStatusCode = 400): LambdaServiceException {
  return new LambdaServiceException({
    name,
    message,
    $fault: "client",
    $metadata: { httpStatusCode, requestId: "req-1" },
  });
}

describe("translateAwsError", () => {
  it.each([
    ["PreconditionFailedException", "conflict"],
    ["ResourceConflictException", "busy"],
    ["ResourceNotFoundException", "not-found"],
    ["AccessDeniedException", "denied"],
    ["TooManyRequestsException", "throttled"],
    ["TransactionConflictException", "throttled"],
    ["CodeStorageExceededException", "failed"],
  ])("takes %s for %s, with AWS's words and the request's id", (name, kind) => {
    const error = answered(name);

    const translated = translateAwsError(error, call);

    expect(translated).toBeInstanceOf(ReleaseError);
    expect(translated).toMatchObject({
      kind,
      what: "lambda:PublishVersion failed for the function app",
      why: `${name}: AWS says so (request req-1)`,
      cause: error,
    });
  });

  it("sees a conflict in a digest that is not the function's", () => {
    const error = answered(
      "InvalidParameterValueException",
      "CodeSHA256 (x) is different from current CodeSHA256 in $LATEST (y).",
    );

    expect(translateAwsError(error, call)).toMatchObject({ kind: "conflict" });
    expect(translateAwsError(answered("InvalidParameterValueException"), call)).toMatchObject({ kind: "failed" });
  });

  it("tells that nobody answered, and that there are no credentials", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
    const nobody = Object.assign(new Error("Could not load credentials"), { name: "CredentialsProviderError" });

    expect(translateAwsError(refused, call)).toMatchObject({ kind: "unreachable" });
    expect(translateAwsError(nobody, call)).toMatchObject({
      kind: "denied",
      next: "check who you are (aws sts get-caller-identity) and that lambda:PublishVersion is allowed",
    });
  });

  it("leaves bugs alone", () => {
    const bug = new TypeError("x is not a function");

    expect(translateAwsError(bug, call)).toBe(bug);
    expect(translateAwsError("text", call)).toBe("text");
  });
});
