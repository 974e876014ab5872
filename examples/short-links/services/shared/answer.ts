import type { APIGatewayProxyResult } from "aws-lambda";

/** An answer in JSON, which says what version of the function gave it. */
export function answer(
  statusCode: number,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: {
      "content-type": "application/json",
      "x-version": process.env.AWS_LAMBDA_FUNCTION_VERSION ?? "none",
      ...headers,
    },
    body: body === undefined ? "" : JSON.stringify(body),
  };
}
