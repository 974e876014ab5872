import { HclReference, type HclValue } from "../hcl/hcl-value.ts";
import type { TerraformInstance, TerraformModule } from "./terraform-module.ts";

/** Whether a value is an attribute of something that is made, one of those that are named. */
export function refersTo(
  value: HclValue | undefined,
  { resource, key }: TerraformInstance,
  attributes: readonly string[],
): boolean {
  if (!(value instanceof HclReference) || value.module !== resource.module) {
    return false;
  }
  const [type, name, ...rest] = value.parts;
  const attribute = rest.at(-1) ?? "";
  const [index] = rest.slice(0, -1);
  const isThatOne =
    index === undefined || index === "[*]" || key === undefined || [`["${key}"]`, `[${key}]`].includes(index);
  return type === resource.type && name === resource.name && attributes.includes(attribute) && isThatOne;
}

/** Whether a text or a reference has something of it, such as its ARN, in it. */
export function mentions(value: HclValue | undefined, { resource, key }: TerraformInstance): boolean {
  if (value === undefined) {
    return false;
  }
  const index = key === undefined ? "" : `["${key}"]`;
  const text = String(value);
  return (
    text.includes(`\${${resource.address}${index}.`) ||
    (key !== undefined && text.includes(`\${${resource.address}[${key}].`))
  );
}

/** Goes from a reference to the attribute's own value, as long as that is a reference itself: to what it is really about. */
export function follow(
  value: HclValue | undefined,
  module: TerraformModule,
): { readonly value: HclValue | undefined; readonly instance?: TerraformInstance } {
  let at = value;
  let instance: TerraformInstance | undefined;
  for (let step = 0; step < 10 && at instanceof HclReference; step += 1) {
    const { parts } = at;
    const found = instanceOf(at, module);
    if (found === undefined) {
      break;
    }
    instance = found;
    const next = found.argument(parts.at(-1) ?? "");
    if (!(next instanceof HclReference)) {
      at = next;
      break;
    }
    at = next;
  }
  return instance === undefined ? { value: at } : { value: at, instance };
}

function instanceOf(reference: HclReference, { resources }: TerraformModule): TerraformInstance | undefined {
  const attribute = reference.parts.at(-1) ?? "";
  return resources.flatMap(({ instances }) => instances).find((each) => refersTo(reference, each, [attribute]));
}
