import type { RequestFacts } from "./access.ts";
import type { RequestContext } from "./service.ts";

/** What conditions can ask for of a request. */
export function requestFacts({ http }: Pick<RequestContext, "http">): RequestFacts {
  return { remoteAddress: http.remoteAddress, userAgent: http.headers["user-agent"] };
}
