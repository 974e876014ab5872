import { type Route, routes } from "../routes.ts";
import type { ApiRequest, Operation } from "./api.ts";
import { Problem } from "./problem.ts";

/** What will answer a request. `method`, `path` and `name` are for logs: they never hold anything that the client chose. */
export interface Match {
  method: string;
  path: string;
  name: string;
  id: string;
  run: Operation;
}

const KNOWN_METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const patterns = new Map<string, RegExp>(
  routes.map(({ path }) => [path, new RegExp(`^${path.replace("{id}", "(?<id>[^/]+)")}/?$`)]),
);

/** Finds what answers the request: a route, the CORS preflight of its path, or a 404 or 405. */
export function matchRoute({ method, path }: Pick<ApiRequest, "method" | "path">): Match {
  for (const [template, pattern] of patterns) {
    const matched = pattern.exec(path);
    if (matched === null) continue;
    const candidates = routes.filter((route) => route.path === template);
    const route = candidates.find((candidate) => candidate.method === method) ?? otherMethod(method, candidates);
    return {
      method: KNOWN_METHODS.has(method) ? method : "other",
      path: template,
      name: route.name,
      run: route.run,
      id: matched.groups?.id ?? "",
    };
  }
  return {
    method: KNOWN_METHODS.has(method) ? method : "other",
    path: "unmatched",
    name: "notFound",
    id: "",
    run: notFound,
  };
}

async function notFound(): Promise<never> {
  throw new Problem(
    "not-found",
    "There is nothing at this path. The API has /items, /items/{id}, /health and /health/deep.",
  );
}

function otherMethod(method: string, candidates: readonly Route[]): Pick<Route, "name" | "run"> {
  const allow = [...candidates.map((route) => route.method), "OPTIONS"].join(", ");
  if (method === "OPTIONS") return { name: "preflight", run: async () => ({ status: 204, headers: { Allow: allow } }) };
  return {
    name: "methodNotAllowed",
    run: async () => {
      throw new Problem("method-not-allowed", `This path answers ${allow}.`, { headers: { Allow: allow } });
    },
  };
}
