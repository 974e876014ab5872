import type { HclBlock, HclBody, HclExpression, HclObject, HclValue } from "./hcl-value.ts";
import { readHcl, readHclTemplate } from "./read-hcl.ts";

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json;
}

/** How many names each kind of block has at the top of a file. */
const LABELS: Readonly<Record<string, number>> = {
  ...{ resource: 2, data: 2, ephemeral: 2, variable: 1, output: 1, module: 1, provider: 1, check: 1 },
  ...{ locals: 0, terraform: 0, moved: 0, import: 0, removed: 0 },
};
/** Blocks inside of others that have a name. */
const INNER_LABELS: Readonly<Record<string, number>> = { backend: 1, dynamic: 1, provisioner: 1, provider_meta: 1 };
/** What stands in quotes here is a reference, and no text. */
const REFERENCES = new Set(["depends_on", "ignore_changes", "provider", "providers", "replace_triggered_by"]);
const COMMENT = "//";

/**
 * Reads a file of Terraform's JSON syntax (`.tf.json`) as `readHcl` reads the other. An object inside of a block may be a value or a block,
 * which only the provider's schema says: it is both here, and found under the name that it has, whichever is looked for.
 *
 * @throws Error where it is no such file
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */
export function readTerraformJson(source: string): HclBody {
  const root: Json = JSON.parse(source);
  if (!isObject(root)) {
    throw new Error("it is not an object");
  }
  const blocks = Object.entries(root).flatMap(([type, value]) => {
    const labels = LABELS[type];
    if (type !== COMMENT && labels === undefined) {
      throw new Error(`'${type}' is no block of Terraform`);
    }
    return labels === undefined ? [] : blocksOf(type, value, labels);
  });
  return { attributes: new Map(), blocks };
}

/** The blocks under a name: below their labels, each by itself or several in a list. */
function blocksOf(type: string, value: Json, labels: number, above: readonly string[] = []): HclBlock[] {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((each) => blocksOf(type, each, labels, above));
  }
  if (!isObject(value)) {
    throw new Error(`${[type, ...above].join(".")} is no block`);
  }
  return labels === 0
    ? [{ type, labels: above, body: bodyOf(value, type === "variable") }]
    : Object.entries(value).flatMap(([label, each]) =>
        label === COMMENT ? [] : blocksOf(type, each, labels - 1, [...above, label]),
      );
}

/** @param isLiteral whether texts have nothing in them that is evaluated: a variable's default */
function bodyOf(value: JsonObject, isLiteral: boolean): HclBody {
  const members = Object.entries(value).filter(([name]) => name !== COMMENT);
  return {
    attributes: new Map(members.map(([name, each]) => [name, expressionOf(each, isLiteral, REFERENCES.has(name))])),
    blocks: members.flatMap(([name, each]) =>
      isObject(each) || (Array.isArray(each) && each.length > 0 && each.every(isObject))
        ? blocksOf(name, each, INNER_LABELS[name] ?? 0)
        : [],
    ),
  };
}

function expressionOf(value: Json, isLiteral: boolean, isReference: boolean): HclExpression {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((each) => expressionOf(each, isLiteral, isReference));
    return (scope) => items.map((item) => item(scope));
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, each]) => {
      const name: HclExpression = isLiteral ? () => key : readHclTemplate(key);
      return [name, expressionOf(each, isLiteral, isReference)] as const;
    });
    return (scope): HclObject =>
      Object.fromEntries(entries.map(([key, each]): [string, HclValue] => [String(key(scope)), each(scope)]));
  }
  if (typeof value !== "string" || isLiteral) {
    return () => value as HclValue;
  }
  const reference = isReference ? readHcl(`it = ${value}\n`).attributes.get("it") : undefined;
  return reference ?? readHclTemplate(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
