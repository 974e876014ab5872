import { HclReference, type HclValue, UNKNOWN } from "../hcl/hcl-value.ts";
import type { DetectedFunction } from "./detected.ts";
import { follow, mentions, refersTo } from "./refers-to.ts";
import type { TerraformInstance, TerraformModule, TerraformResource } from "./terraform-module.ts";

/** Names of resources and modules that say nothing about which function it is. */
const MEANINGLESS = /^(this|main|default|lambda|lambdas|lambda[-_]functions?|functions?|fn|app|service|api|handler)$/;
const CODE = ["filename", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash", "image_uri"];
const CODE_BUCKET = /code|artifact|deploy|package|lambda|release/i;

/**
 * The functions that a root module makes, with their aliases, and the outputs that say what they are called.
 *
 * @param environment what their names on AWS may end or begin with
 */
export function detectFunctions(module: TerraformModule, environment: string): readonly DetectedFunction[] {
  const functions = instancesOf(module, "aws_lambda_function");
  const aliases = instancesOf(module, "aws_lambda_alias");
  const taken = new Set<string>();
  return functions.map((each) => {
    const alias = aliases.find((one) => isAliasOf(one, each));
    const handler = each.argument("handler");
    return {
      name: unique(nameOf(each, environment), taken),
      ...{ address: addressOf(each), file: each.resource.file },
      ...(typeof handler === "string" && { handler }),
      isImage: each.argument("package_type") === "Image",
      publishes: yesOrNo(each.argument("publish")),
      leavesCode: ignores(each.resource, ["s3_key"]) || ignores(each.resource, ["filename"]) || givesNoCode(each),
      ...(alias && {
        alias: {
          ...{ address: addressOf(alias), file: alias.resource.file },
          isLeftAlone: ignores(alias.resource, ["function_version", "routing_config"]),
        },
      }),
      outputs: outputsOf(module, each, alias, functions.length === 1),
    };
  });
}

export function instancesOf({ resources }: TerraformModule, type: string): readonly TerraformInstance[] {
  return resources.filter((each) => each.type === type).flatMap(({ instances }) => instances);
}

export function addressOf({ resource, key }: TerraformInstance): string {
  return key === undefined ? resource.address : `${resource.address}[${/^\d+$/.test(key) ? key : JSON.stringify(key)}]`;
}

export function yesOrNo(value: HclValue | undefined): boolean | undefined {
  return value === undefined || value === null ? false : typeof value === "boolean" ? value : undefined;
}

/** The output whose value it is. */
export function outputWith(
  module: TerraformModule,
  is: (value: HclValue, name: string) => boolean,
): string | undefined {
  return Object.entries(module.outputs).find(([name, value]) => is(value, name))?.[0];
}

function isAliasOf(alias: TerraformInstance, of: TerraformInstance): boolean {
  const named = alias.argument("function_name");
  const name = of.argument("function_name");
  return refersTo(named, of, ["function_name", "arn", "id"]) || (typeof name === "string" && named === name);
}

/** Whether Terraform does not look at these arguments again. */
function ignores({ block, scope }: TerraformResource, names: readonly string[]): boolean {
  const lifecycle = block.body.blocks.find(({ type }) => type === "lifecycle");
  const ignored = lifecycle?.body.attributes.get("ignore_changes")?.(scope);
  if (ignored instanceof HclReference) {
    return ignored.parts[0] === "all";
  }
  const all = Array.isArray(ignored)
    ? ignored.map((each) => (each instanceof HclReference ? each.parts[0] : each))
    : [];
  return names.every((name) => all.includes(name));
}

function givesNoCode({ resource }: TerraformInstance): boolean {
  return !CODE.some((name) => resource.block.body.attributes.has(name));
}

/** What people call it: the key that it has among others, or the first name on the way to it that says something. */
function nameOf(each: TerraformInstance, environment: string): string {
  const { resource, key } = each;
  const modules = resource.module.match(/(?<=module\.)[\w-]+/g)?.reverse() ?? [];
  const physical = each.argument("function_name");
  const onAws =
    typeof physical === "string" ? withoutEnvironment(physical.replace(/\$\{[^}]*\}/g, ""), environment) : "";
  const named = [...(key === undefined || /^\d+$/.test(key) ? [] : [key]), resource.name, ...modules].find(
    (name) => !MEANINGLESS.test(name),
  );
  // `module.items.module.function` is not called `items` where the function itself has a name.
  const isOfModule = named !== undefined && named !== key && named !== resource.name;
  return configName(named === undefined || isOfModule ? onAws || named || resource.name : named);
}

/** `api-handler-prod` of prod is `api-handler`. */
export function withoutEnvironment(name: string, environment: string): string {
  return name
    .split(/[-_.]/)
    .filter((part) => part !== "" && part !== environment)
    .join("-");
}

/** As a configuration may call it. */
export function configName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 31)
    .replace(/-+$/, "");
  return name === "" ? "app" : name;
}

function unique(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) {
    free = `${name.slice(0, 28)}-${number}`;
  }
  taken.add(free);
  return free;
}

function outputsOf(
  module: TerraformModule,
  each: TerraformInstance,
  alias: TerraformInstance | undefined,
  isOnly: boolean,
): DetectedFunction["outputs"] {
  const name = each.argument("function_name");
  const functionName =
    outputWith(module, (value) => refersTo(value, each, ["function_name", "id"])) ??
    outputWith(module, (value) => typeof name === "string" && value === name);
  const aliasName = alias?.argument("name");
  const aliasOutput =
    alias &&
    (outputWith(module, (value) => refersTo(value, alias, ["name"])) ??
      outputWith(module, (value, output) => isOnly && value === aliasName && /alias/i.test(output)));
  const artifactBucket = bucketOutput(module, each);
  return {
    ...(functionName && { functionName }),
    ...(aliasOutput && { alias: aliasOutput }),
    ...(artifactBucket && { artifactBucket }),
  };
}

/** The bucket that its code comes from; where that is not said, one that is called so. */
function bucketOutput(module: TerraformModule, each: TerraformInstance): string | undefined {
  const { instance, value: name } = follow(each.argument("s3_bucket"), module);
  const isIt = (value: HclValue) =>
    instance !== undefined && instance.resource.type === "aws_s3_bucket"
      ? refersTo(value, instance, ["bucket", "id"])
      : typeof name === "string" && value === name;
  const buckets = instancesOf(module, "aws_s3_bucket");
  return (
    outputWith(module, isIt) ??
    outputWith(
      module,
      (value, output) =>
        CODE_BUCKET.test(output) &&
        (/bucket/i.test(output) || buckets.some((bucket) => mentions(value, bucket))) &&
        value !== UNKNOWN &&
        (typeof value === "string" || buckets.some((bucket) => refersTo(value, bucket, ["bucket", "id"]))),
    )
  );
}
