import type { PatchOperation } from "@aws-sdk/client-api-gateway";
import { badRequest } from "./api-state.ts";

/** The verbs of patch operations that API Gateway's resources accept. */
export type PatchVerb = "add" | "remove" | "replace" | "copy";

/** What a patch may change. */
export interface PatchRule<T> {
  /** A path such as `/requestParameters/{name}`; a `{...}` takes one segment, unescaped as in JSON pointers. */
  readonly path: string | RegExp;
  readonly verbs: readonly PatchVerb[];
  /** `value` is empty for `remove` without a value. */
  readonly apply: (target: T, value: string, keys: readonly string[], verb: PatchVerb) => void;
}

/**
 * Applies patch operations to a record, in order.
 *
 * API Gateway words its refusals in two ways, depending on the resource: `listed` names the paths that are allowed,
 * `plain` names the path that is not.
 *
 * @throws AwsError `BadRequestException` for a path or verb that no rule has
 */
export function applyPatch<T>(
  target: T,
  operations: readonly PatchOperation[] | undefined,
  rules: readonly PatchRule<T>[],
  wording: "listed" | "plain",
): void {
  for (const operation of operations ?? []) {
    const path = operation.path;
    if (path === undefined) {
      throw badRequest("Invalid patch path null");
    }
    const verb = operation.op as PatchVerb;
    const candidates = rules.flatMap((rule) => {
      const keys = match(rule.path, path);
      return keys === undefined ? [] : [{ rule, keys }];
    });
    const chosen = candidates.find(({ rule }) => rule.verbs.includes(verb));
    if (chosen === undefined) {
      throw refusal(verb, path, rules, candidates[0]?.rule, wording);
    }
    chosen.rule.apply(target, operation.value ?? "", chosen.keys, verb);
  }
}

function refusal<T>(
  verb: PatchVerb,
  path: string,
  rules: readonly PatchRule<T>[],
  samePath: PatchRule<T> | undefined,
  wording: "listed" | "plain",
): Error {
  if (wording === "plain") {
    return samePath === undefined
      ? badRequest(`Invalid patch path ${path}`)
      : badRequest(`Invalid patch operation specified. Must be one of: [${samePath.verbs.join(", ")}]`);
  }
  const allowed = rules.filter((rule) => rule.verbs.includes(verb)).map((rule) => String(rule.path));
  return badRequest(
    allowed.length === 0
      ? `Invalid patch path  '${path}' specified for op '${verb}'. Please choose supported operations`
      : `Invalid patch path  '${path}' specified for op '${verb}'. Must be one of: [${allowed.join(", ")}]`,
  );
}

function match(template: string | RegExp, path: string): string[] | undefined {
  if (typeof template !== "string") {
    return template.exec(path)?.slice(1).map(unescapePointer);
  }
  const expected = template.split("/");
  const given = path.split("/");
  if (expected.length !== given.length) {
    return undefined;
  }
  const keys: string[] = [];
  for (const [index, segment] of expected.entries()) {
    const actual = given[index] ?? "";
    if (segment.startsWith("{")) {
      keys.push(unescapePointer(actual));
    } else if (segment !== actual) {
      return undefined;
    }
  }
  return keys;
}

/** Undoes the escaping of JSON pointers (RFC 6901): `~1` is a slash, `~0` a tilde. */
export function unescapePointer(segment: string): string {
  return segment.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A rule for a plain text member that can be replaced. */
export function replaceText<T>(path: string, set: (target: T, value: string) => void): PatchRule<T> {
  return { path, verbs: ["replace"], apply: (target, value) => set(target, value) };
}

/** A rule for a yes-or-no member; anything but `true` is no, as on AWS. */
export function replaceFlag<T>(path: string, set: (target: T, value: boolean) => void): PatchRule<T> {
  return { path, verbs: ["replace"], apply: (target, value) => set(target, value === "true") };
}

/** A rule for the entries of a map. */
export function mapEntries<T, V>(
  path: string,
  map: (target: T) => Record<string, V>,
  parse: (value: string) => V,
): PatchRule<T> {
  return {
    path,
    verbs: ["add", "replace", "remove"],
    apply: (target, value, [key = ""], verb) => {
      if (verb === "remove") {
        delete map(target)[key];
      } else {
        map(target)[key] = parse(value);
      }
    },
  };
}
