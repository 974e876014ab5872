/** A resource of the API with what its parameters stand for in a path. */
export interface MatchedResource {
  /** `/items/{id}`. */
  readonly resource: string;
  /** As they were sent, not decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Finds the resource of an API that a path leads to, as API Gateway does: part by part, a literal one before a parameter, and that before
 * one that takes all the rest (`{proxy+}`).
 *
 * @param resources `/items`, `/items/{id}`, `/{proxy+}`
 * @param path without the stage and the query
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html
 */
export function resourceOf(resources: readonly string[], path: string): MatchedResource | undefined {
  const parts = partsOf(path);
  return resources
    .flatMap((resource) => {
      const match = matchOf(partsOf(resource), parts);
      return match === undefined ? [] : [{ resource, ...match }];
    })
    .sort((left, right) => (left.rank < right.rank ? -1 : 1))
    .map(({ resource, parameters }) => ({ resource, parameters }))[0];
}

/** A trailing slash makes no other resource. */
function partsOf(path: string): readonly string[] {
  return path
    .split("/")
    .slice(1)
    .filter((part, index, all) => part !== "" || index < all.length - 1);
}

/** @returns a rank in whose order the better match comes first: one letter a part */
function matchOf(
  template: readonly string[],
  parts: readonly string[],
): { readonly rank: string; readonly parameters: Record<string, string> } | undefined {
  const parameters: [string, string][] = [];
  let rank = "";
  for (const [index, part] of template.entries()) {
    const name = /^\{([^+}]+)(\+)?\}$/.exec(part);
    const given = parts[index];
    if (given === undefined) {
      return undefined;
    }
    if (name === null) {
      if (part !== given) {
        return undefined;
      }
      rank += "a";
    } else if (name[2] === undefined) {
      parameters.push([name[1] ?? "", given]);
      rank += "b";
    } else {
      parameters.push([name[1] ?? "", parts.slice(index).join("/")]);
      return { rank: `${rank}c`, parameters: Object.fromEntries(parameters) };
    }
  }
  return parts.length === template.length ? { rank, parameters: Object.fromEntries(parameters) } : undefined;
}
