import type { ApiRequest, Operation } from "./api.ts";
import { Problem } from "./problem.ts";
import { type Route, routes } from "./routes.ts";

/** What will answer a request. `path` and `name` are for logs: they never hold anything that the client chose. */
export interface Match {
  path: string;
  name: string;
  id: string;
  run: Operation;
}

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
    return { path: template, name: route.name, run: route.run, id: matched.groups?.id ?? "" };
  }
  return { path: "unmatched", name: "notFound", id: "", run: notFound };
}

async function notFound(): Promise<never> {
  throw new Problem("not-found", "There is nothing at this path. The API has /items, /items/{id} and /health.");
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
