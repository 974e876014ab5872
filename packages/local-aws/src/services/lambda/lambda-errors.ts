import { AwsError } from "../../core/aws-error.ts";

/** Members that every client error of Lambda carries. */
const USER = { fields: { Type: "User" } };

/** 404: a function, version, alias, policy or configuration that is not there. */
export function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message, USER);
}

/** 404 for a function or version, as Lambda words it. */
export function functionNotFound(arn: string): AwsError {
  return notFound(`Function not found: ${arn}`);
}

/** 409: it exists already, or something else is going on. */
export function conflict(message: string): AwsError {
  return new AwsError("ResourceConflictException", message, USER);
}

/** 400: a parameter that Lambda refuses. */
export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message, USER);
}

/** 400: a parameter that breaks a constraint of the API's model. */
export function invalidMember(member: string, value: unknown, constraint: string): AwsError {
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** 412: somebody else changed it first. */
export function revisionMismatch(read: "GetFunction" | "GetAlias" | "GetPolicy"): AwsError {
  return new AwsError(
    "PreconditionFailedException",
    `The RevisionId provided does not match the latest RevisionId. Call the ${read} API to retrieve the latest RevisionId`,
    USER,
  );
}

/** 400: something that AWS does and local AWS does not. */
export function unsupported(what: string): AwsError {
  return invalidParameter(`Local AWS does not support ${what}.`);
}
