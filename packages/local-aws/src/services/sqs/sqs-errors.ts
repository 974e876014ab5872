import { AwsError } from "../../core/aws-error.ts";

/** 400: there is no such queue. */
export function queueDoesNotExist(): AwsError {
  return new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
}

/** 400: a parameter that SQS cannot take, in SQS's words: `Value 21 for parameter WaitTimeSeconds is invalid. Reason: ...` */
export function invalidParameter(parameter: string, value: unknown, reason: string): AwsError {
  return invalidValue(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

/** 400: the same error with a sentence of its own. */
export function invalidValue(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

/** 400: a parameter without which nothing can be done. */
export function missingParameter(parameter: string): AwsError {
  return new AwsError("MissingParameter", `The request must contain the parameter ${parameter}.`);
}

/** 400: a value that an attribute of a queue cannot have. */
export function invalidAttributeValue(attribute: string, detail = ""): AwsError {
  return new AwsError(
    "InvalidAttributeValue",
    `Invalid value for the parameter ${attribute}.${detail === "" ? "" : ` ${detail}`}`,
  );
}

/** 400: something that AWS does and local AWS does not. */
export function unsupported(what: string): AwsError {
  return new AwsError("NotImplemented", `Local AWS has no ${what}.`, { status: 400 });
}
