import { AwsError } from "../core/aws-error.ts";

/**
 * What an operation threw as its caller gets it. Whatever is no AwsError is a bug of local AWS, and is logged.
 *
 * @param where - `dynamodb:CreateBackup`
 */
export function asAwsError(error: unknown, where: string, log: (line: string) => void): AwsError {
  if (error instanceof AwsError) {
    return error;
  }
  log(`bug in ${where}: ${error instanceof Error ? error.stack : String(error)}`);
  // Not a 5xx: clients would retry a bug for minutes.
  return new AwsError(
    "LocalAwsBug",
    `Local AWS failed in ${where}: ${error instanceof Error ? error.message : String(error)}. This is a bug of local AWS; its log has the details.`,
    { status: 400, cause: error },
  );
}
