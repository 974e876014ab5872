/** A value of Terraform's language; `UNKNOWN` is what only an apply would know, and all that is made of it. */
export type HclValue =
  | string
  | number
  | boolean
  | null
  | typeof UNKNOWN
  | HclReference
  | readonly HclValue[]
  | HclObject;
export interface HclObject {
  readonly [key: string]: HclValue;
}
export const UNKNOWN = Symbol("known after apply");

/** An attribute of something that an apply makes: not known, but which one it is. */
export class HclReference {
  /** Address of the module that it is in; empty for the root. */
  readonly module: string;
  /** `["aws_lambda_function", "this", "arn"]`; an index is a part of its own, such as `[0]` or `["orders"]`. */
  readonly parts: readonly string[];

  constructor(module: string, parts: readonly string[]) {
    this.module = module;
    this.parts = parts;
  }

  member(key: string | number, isIndex = false): HclReference {
    return new HclReference(this.module, [...this.parts, isIndex ? `[${JSON.stringify(key)}]` : String(key)]);
  }

  /** As Terraform would write it into a text: `${module.a.aws_lambda_function.this["orders"].arn}`. */
  toString(): string {
    const path = this.parts.map((part, index) => (index === 0 || part.startsWith("[") ? part : `.${part}`)).join("");
    return `\${${this.module === "" ? "" : `${this.module}.`}${path}}`;
  }
}

/** What an expression may ask for: `var`, `local`, `each`, and the variables of the `for` expressions around it. */
export type HclScope = (root: string) => HclValue;
export type HclExpression = (scope: HclScope) => HclValue;

/** What stands between two braces, or in a file. */
export interface HclBody {
  readonly attributes: ReadonlyMap<string, HclExpression>;
  readonly blocks: readonly HclBlock[];
}
export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
}

/** Whether it is an object whose members are known by their names. */
export function isHclObject(value: HclValue | undefined): value is HclObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof HclReference);
}

/**
 * A member of an object, an element of a list, or an attribute of a reference.
 *
 * @throws Error where it is not there
 */
export function memberOf(value: HclValue, key: HclValue, isIndex = false): HclValue {
  if (value === UNKNOWN || key === UNKNOWN || key instanceof HclReference) {
    return UNKNOWN;
  }
  if (value instanceof HclReference) {
    return value.member(typeof key === "number" ? key : String(key), isIndex);
  }
  const found = (value as HclObject | null)?.[String(key)];
  if (found === undefined) {
    throw new Error(`there is no '${String(key)}'`);
  }
  return found;
}
