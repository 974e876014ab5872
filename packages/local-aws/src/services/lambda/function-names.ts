import { AwsError } from "../../core/aws-error.ts";
import { functionNotFound, invalidMember, invalidParameter } from "./lambda-errors.ts";

/** Whose functions these are. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** A function, and the version or alias that was asked for. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier: string | undefined;
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const QUALIFIER = /^(\$LATEST|[a-zA-Z0-9_-]{1,128})$/;
const ARN =
  /^arn:(aws[a-zA-Z-]*):lambda:([a-z0-9-]+):(\d{12}):function:([a-zA-Z0-9_-]+)(?::(\$LATEST|[a-zA-Z0-9_-]+))?$/;
const PARTIAL_ARN = /^(?:(\d{12}):)?function:([a-zA-Z0-9_-]+)(?::(\$LATEST|[a-zA-Z0-9_-]+))?$/;
const SHORT = /^([a-zA-Z0-9_-]+)(?::(\$LATEST|[a-zA-Z0-9_-]+))?$/;

/**
 * Reads a `FunctionName` (name, `name:qualifier`, partial or full ARN) together with a `Qualifier`.
 *
 * @throws AwsError when it is malformed, names another account or Region, or the two qualifiers differ
 */
export function parseFunctionName(
  place: Place,
  functionName: string | undefined,
  qualifier?: string,
): FunctionReference {
  if (functionName === undefined || functionName === "") {
    throw invalidMember("functionName", "null", "Member must not be null");
  }
  const { name, inName } = split(place, functionName);
  if (!NAME.test(name)) {
    throw invalidMember("functionName", functionName, `Member must satisfy regular expression pattern: ${NAME.source}`);
  }
  if (qualifier !== undefined && !QUALIFIER.test(qualifier)) {
    throw invalidMember("qualifier", qualifier, `Member must satisfy regular expression pattern: ${QUALIFIER.source}`);
  }
  if (inName !== undefined && qualifier !== undefined && inName !== qualifier) {
    throw invalidParameter("The derived qualifier from the function name does not match the specified qualifier.");
  }
  return { name, qualifier: qualifier ?? inName };
}

function split(place: Place, functionName: string): { name: string; inName: string | undefined } {
  const arn = ARN.exec(functionName);
  if (arn !== null) {
    const [, , region, accountId, name = "", inName] = arn;
    if (accountId !== place.accountId) {
      throw new AwsError(
        "AccessDeniedException",
        `${functionName} belongs to another account: local AWS is account ${place.accountId}.`,
        { status: 403 },
      );
    }
    if (region !== place.region) {
      throw functionNotFound(functionName);
    }
    return { name, inName };
  }
  const partial = PARTIAL_ARN.exec(functionName);
  if (partial !== null && (partial[1] === undefined || partial[1] === place.accountId)) {
    return { name: partial[2] ?? "", inName: partial[3] };
  }
  const short = SHORT.exec(functionName);
  if (short === null) {
    throw invalidMember(
      "functionName",
      functionName,
      "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
    );
  }
  return { name: short[1] ?? "", inName: short[2] };
}

/** The ARN of a function, or of one of its versions or aliases. */
export function functionArn(place: Place, name: string, qualifier?: string): string {
  const suffix = qualifier === undefined ? "" : `:${qualifier}`;
  return `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}${suffix}`;
}
