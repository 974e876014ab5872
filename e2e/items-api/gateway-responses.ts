type Response = readonly [status: number, kind: string, title: string, detail: string];

const NOT_FOUND: Response = [404, "not-found", "Not found", "The API has no such path, or not with this method."];

/** The gateway's own answers, of the shape that infrastructure/modules/api_gateway gives them. */
const RESPONSES: Readonly<Record<string, Response>> = {
  BAD_REQUEST_BODY: [
    400,
    "invalid-request",
    "The request is not valid",
    "The body does not fit: $context.error.validationErrorString",
  ],
  BAD_REQUEST_PARAMETERS: [400, "invalid-request", "The request is not valid", "A parameter does not fit."],
  MISSING_AUTHENTICATION_TOKEN: NOT_FOUND,
  RESOURCE_NOT_FOUND: NOT_FOUND,
  REQUEST_TOO_LARGE: [413, "body-too-large", "The request body is too large", "The request is too large."],
  THROTTLED: [429, "too-many-requests", "Too many requests", "Try again later."],
  INTEGRATION_FAILURE: [503, "temporarily-unavailable", "Temporarily unavailable", "Try again later."],
};

const HEADERS = { "Content-Type": "application/problem+json", "Cache-Control": "no-store", "Retry-After": "1" };

/** The extension of an imported definition that sets them. */
export function gatewayResponses(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(RESPONSES).map(([type, [status, kind, title, detail]]) => {
      const problem = { type: `urn:items-api:problem:${kind}`, title, status, detail, requestId: "$context.requestId" };
      const headers = Object.entries(HEADERS).filter(([name]) => name !== "Retry-After" || status >= 429);
      return [
        type,
        {
          statusCode: String(status),
          responseTemplates: { "application/json": JSON.stringify(problem) },
          responseParameters: Object.fromEntries(
            headers.map(([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`]),
          ),
        },
      ];
    }),
  );
}
