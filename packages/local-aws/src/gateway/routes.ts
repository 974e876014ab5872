import type { CompiledMethod } from "./compile-api.ts";

/** A resource of a deployment with its methods, by name (`GET`, `ANY`). */
export interface RouteResource {
  readonly id: string;
  readonly path: string;
  readonly methods: ReadonlyMap<string, CompiledMethod>;
}

interface Node {
  readonly statics: Map<string, Node>;
  variable?: { readonly name: string; readonly node: Node };
  greedy?: { readonly name: string; readonly resource: RouteResource };
  resource?: RouteResource;
}

/** What a path and a method led to. */
export interface RouteMatch {
  readonly resource: RouteResource;
  readonly method: CompiledMethod;
  /** Percent-encoded as sent. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The paths of a deployment. The most specific resource wins: a plain path part over `{parameter}` over `{proxy+}`. A path that
 * leads nowhere below a specific part falls back to a greedy one above it; a resource that lacks the method does not.
 */
export class Routes {
  readonly #root: Node = { statics: new Map() };

  constructor(resources: readonly RouteResource[]) {
    for (const resource of resources) {
      // A resource without methods is only a step on the way to others.
      if (resource.methods.size > 0) {
        this.#add(resource);
      }
    }
  }

  /** @param path - percent-encoded, with its leading slash; slashes at its end do not count */
  match(path: string, httpMethod: string): RouteMatch | undefined {
    const trimmed = path.replace(/^\/+|\/+$/g, "");
    const parts = trimmed === "" ? [] : trimmed.split("/");
    const pathParameters: Record<string, string> = {};
    const resource = find(this.#root, parts, 0, pathParameters);
    const method = resource?.methods.get(httpMethod) ?? resource?.methods.get("ANY");
    return resource === undefined || method === undefined ? undefined : { resource, method, pathParameters };
  }

  #add(resource: RouteResource): void {
    let node = this.#root;
    for (const part of resource.path.split("/").filter((segment) => segment !== "")) {
      const name = part.slice(1, -1);
      if (part.endsWith("+}")) {
        node.greedy = { name: name.slice(0, -1), resource };
        return;
      }
      if (part.startsWith("{")) {
        node.variable ??= { name, node: { statics: new Map() } };
        node = node.variable.node;
      } else {
        const next = node.statics.get(part) ?? { statics: new Map() };
        node.statics.set(part, next);
        node = next;
      }
    }
    node.resource = resource;
  }
}

function find(
  node: Node,
  parts: readonly string[],
  index: number,
  parameters: Record<string, string>,
): RouteResource | undefined {
  const part = parts[index];
  if (part === undefined) {
    return node.resource;
  }
  const fixed = node.statics.get(part);
  const viaFixed = fixed === undefined ? undefined : find(fixed, parts, index + 1, parameters);
  if (viaFixed !== undefined) {
    return viaFixed;
  }
  if (node.variable !== undefined && part !== "") {
    const viaVariable = find(node.variable.node, parts, index + 1, parameters);
    if (viaVariable !== undefined) {
      parameters[node.variable.name] = part;
      return viaVariable;
    }
  }
  if (node.greedy !== undefined) {
    parameters[node.greedy.name] = parts.slice(index).join("/");
    return node.greedy.resource;
  }
  return undefined;
}
