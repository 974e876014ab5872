/** Answers every request with 503 until the first release has been deployed. */
export const handler = async (event) => ({
  statusCode: 503,
  headers: {
    "access-control-allow-origin": "*",
    "cache-control": "no-store",
    "content-type": "application/problem+json",
    "retry-after": "60",
  },
  body: JSON.stringify({
    type: "about:blank",
    title: "Service Unavailable",
    status: 503,
    detail: "No release has been deployed yet.",
    requestId: event?.requestContext?.requestId,
  }),
});
