import { type HclValue, isHclObject } from "../hcl/hcl-value.ts";
import { addressOf, configName, instancesOf, outputWith, withoutEnvironment } from "./detect-functions.ts";
import type { DetectedBootstrap, DetectedTable } from "./detected.ts";
import { refersTo } from "./refers-to.ts";
import type { TerraformInstance, TerraformModule } from "./terraform-module.ts";

/** The DynamoDB tables of a root module that hold the application's records. */
export function detectTables(module: TerraformModule, environment: string): readonly DetectedTable[] {
  const restored = module.blocks.find(
    ({ block }) => block.type === "variable" && /restored/.test(block.labels[0] ?? ""),
  );
  const tables = instancesOf(module, "aws_dynamodb_table").filter((each) => !isLedger(each));
  return tables.map((each) => {
    const [name, key] = [each.argument("name"), each.argument("hash_key")];
    const output = outputWith(
      module,
      (value) => refersTo(value, each, ["name", "id"]) || (typeof name === "string" && value === name),
    );
    return {
      name: tableName(each, environment),
      ...{ address: addressOf(each), file: each.resource.file },
      ...(typeof key === "string" && each.argument("range_key") === undefined && { key }),
      ...(output && { output }),
      hasPointInTimeRecovery: each.resource.block.body.blocks.some(
        ({ type, labels, body }) =>
          (type === "dynamic" && labels[0] === "point_in_time_recovery") ||
          (type === "point_in_time_recovery" && body.attributes.get("enabled")?.(each.resource.scope) !== false),
      ),
      ...(restored && tables.length === 1 && { restoredVariable: restored.block.labels[0] ?? "" }),
    };
  });
}

function tableName(each: TerraformInstance, environment: string): string {
  const { resource, key } = each;
  const physical = each.argument("name");
  const onAws =
    typeof physical === "string" ? withoutEnvironment(physical.replace(/\$\{[^}]*\}/g, ""), environment) : "";
  const meaningless = /^(this|main|table|tables|default|dynamodb|data|database)$/;
  const modules = resource.module.match(/(?<=module\.)[\w-]+/g)?.reverse() ?? [];
  const named = [resource.name, onAws, ...modules].find((one) => one !== "" && !meaningless.test(one));
  return configName(key !== undefined && !/^\d+$/.test(key) ? key : (named ?? resource.name));
}

/** Keys as the ledger has them, and hardly anything else. */
function isLedger(each: TerraformInstance): boolean {
  return each.argument("hash_key") === "environment" && each.argument("range_key") === "sequence";
}

/** What a root module makes of that which a release needs before it; undefined where it makes nothing of it. */
export function detectBootstrap(module: TerraformModule): DetectedBootstrap | undefined {
  const buckets = instancesOf(module, "aws_s3_bucket");
  const ledger = instancesOf(module, "aws_dynamodb_table").find(isLedger);
  const bucketOf = (is: (bucket: TerraformInstance, name: string) => boolean) =>
    Object.entries(module.outputs).flatMap(([output, value]) => {
      const bucket = buckets.find((each) => refersTo(value, each, ["bucket", "id"]) && is(each, output));
      return bucket === undefined ? [] : [{ output, bucket }];
    })[0];
  const named = bucketOf((bucket, output) =>
    /state/i.test(`${output} ${bucket.resource.address} ${text(bucket.argument("bucket")) ?? ""}`),
  );
  const state =
    named?.bucket ??
    buckets.find((each) => /state/i.test(`${each.resource.address} ${text(each.argument("bucket")) ?? ""}`));
  if (state === undefined && ledger === undefined) {
    return undefined;
  }
  const ledgerOutput =
    ledger &&
    outputWith(
      module,
      (value) =>
        refersTo(value, ledger, ["name", "id"]) || (value === ledger.argument("name") && typeof value === "string"),
    );
  const roleArns = outputWith(
    module,
    (value, name) => /role_?arns/i.test(name) && (isHclObject(value) || typeof value === "symbol"),
  );
  const nameOf = (each: TerraformInstance | undefined, argument: string) => {
    const name = text(each?.argument(argument));
    return name === undefined || name.includes("${") ? {} : { name };
  };
  return {
    directory: module.directory,
    ...(state && { stateBucket: { ...(named && { output: named.output }), ...nameOf(state, "bucket") } }),
    ...(ledger && { ledgerTable: { ...(ledgerOutput && { output: ledgerOutput }), ...nameOf(ledger, "name") } }),
    ...(roleArns && { roleArns }),
    hasOidcProvider: instancesOf(module, "aws_iam_openid_connect_provider").length > 0,
  };
}

function text(value: HclValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
