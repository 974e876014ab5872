import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type HclBlock, type HclObject, type HclScope, type HclValue, readHcl, UNKNOWN } from "@slipway/analysis";

/** An alarm as Terraform would make it. */
export interface TerraformAlarm {
  /** What it watches: `errors`, `down`. */
  readonly key: string;
  readonly name: string;
  /** What it says, without the runbook. */
  readonly says: string;
  /** Where its runbook is. */
  readonly runbook: string;
  /** Whether it tells anybody by itself. */
  readonly tells: boolean;
  /** Metric alarms only. */
  readonly threshold?: number;
  readonly missing?: string;
}

/** The alarm on silence is made only where this is set; it is documented with the others. */
const SILENCE_MINUTES = 30;

/** A folder of Terraform with its values. */
interface OpenedModule {
  readonly blocks: readonly HclBlock[];
  readonly scope: HclScope;
}

/**
 * The alarms of an environment, from the Terraform code that makes them: its folder gives values to the items service, which gives them to
 * the module `monitoring`.
 *
 * @throws Error when the code has become more than is read here, or an alarm has no name or no description
 */
export function terraformAlarms(repository: string, environment = "prod"): readonly TerraformAlarm[] {
  const { blocks, scope } = openMonitoring(repository, environment);
  return blocks
    .filter(({ type, labels: [kind = ""] }) => type === "resource" && /^aws_cloudwatch_\w*_?alarm$/.test(kind))
    .flatMap((resource) => instances(resource, scope).map((each) => alarmOf(resource, each)));
}

/** The names of all alarms, by what they watch, as the module's output has them. */
export function alarmNames(repository: string, environment = "prod"): Readonly<Record<string, string>> {
  return localsOf(openMonitoring(repository, environment).scope).alarm_names as Record<string, string>;
}

/** The saved queries of Logs Insights, by name. */
export function savedQueries(repository: string): Readonly<Record<string, string>> {
  const queries = localsOf(openMonitoring(repository, "prod").scope).queries as HclObject;
  return Object.fromEntries(
    Object.entries(queries).map(([name, query]) => [name, String((query as HclObject).text).trim()]),
  );
}

function openMonitoring(repository: string, environment: string): OpenedModule {
  const infrastructure = join(repository, "infrastructure");
  const root = openModule(join(infrastructure, "environments", environment), {});
  const given = callOf(root, "items");
  const items = openModule(join(infrastructure, "modules/items_service"), given);
  return openModule(join(infrastructure, "modules/monitoring"), {
    ...callOf(items, "monitoring"),
    silence_minutes: SILENCE_MINUTES,
    // An output of the module that makes the queue, which is not looked into.
    dead_letter_queue_name: `api-handler-${environment}-dead-letters`,
    // And of the one that backs the table up, where that is scheduled.
    backup_schedule_group_name: given.backup_schedule === null ? null : `items-${environment}-backup`,
  });
}

function openModule(folder: string, given: HclObject): OpenedModule {
  const files = readdirSync(folder).filter((file) => file.endsWith(".tf"));
  const blocks = files.flatMap((file) => readHcl(readFileSync(join(folder, file), "utf8")).blocks);
  const variables = Object.fromEntries(
    blocks
      .filter(({ type }) => type === "variable")
      .map(({ labels: [name = ""], body }): [string, HclValue] => {
        const byDefault = body.attributes.get("default")?.(NOTHING) ?? null;
        const value = given[name];
        const isMissing =
          value === undefined || (value === null && body.attributes.get("nullable")?.(NOTHING) === false);
        return [name, isMissing ? (body.attributes.has("default") ? byDefault : UNKNOWN) : value];
      }),
  );
  const locals = new Map(blocks.filter(({ type }) => type === "locals").flatMap(({ body }) => [...body.attributes]));
  // Each is made when it is asked for, since they are made of one another.
  const local = new Proxy<HclObject>({}, { get: (_, name) => locals.get(String(name))?.(scope) });
  const scope: HclScope = (name) => (name === "var" ? variables : name === "local" ? local : UNKNOWN);
  return { blocks, scope };
}

const NOTHING: HclScope = () => UNKNOWN;

const localsOf = (scope: HclScope): HclObject => scope("local") as HclObject;

/** What a module is given by another. */
function callOf({ blocks, scope }: OpenedModule, name: string): HclObject {
  const call = blocks.find(({ type, labels }) => type === "module" && labels[0] === name);
  if (call === undefined) {
    throw new Error(`there is no module "${name}"`);
  }
  return Object.fromEntries([...call.body.attributes].map(([key, value]) => [key, value(scope)]));
}

/** A resource with `for_each` once for each, with `count` as often as that, any other once. */
function instances({ body }: HclBlock, scope: HclScope): readonly HclScope[] {
  const each = body.attributes.get("for_each")?.(scope);
  if (each !== undefined) {
    return Object.entries(each as HclObject).map(
      ([key, value]): HclScope =>
        (root) =>
          root === "each" ? { key, value } : scope(root),
    );
  }
  return Array.from({ length: Number(body.attributes.get("count")?.(scope) ?? 1) }, () => scope);
}

function alarmOf({ labels, body }: HclBlock, scope: HclScope): TerraformAlarm {
  const read = (name: string): HclValue | undefined => body.attributes.get(name)?.(scope);
  const name = read("alarm_name");
  const description = read("alarm_description");
  const names = localsOf(scope).alarm_names as HclObject;
  const key = Object.keys(names).find((each) => names[each] === name);
  if (key === undefined || typeof name !== "string" || typeof description !== "string") {
    throw new Error(`${labels.join(".")}: its name or its description cannot be read, or local.alarm_names has it not`);
  }
  const [says = "", runbook = ""] = description.split(" Runbook: ");
  const [threshold, missing, actions] = [read("threshold"), read("treat_missing_data"), read("alarm_actions")];
  return {
    ...{ key, name, says, runbook },
    tells: Array.isArray(actions) && actions.length > 0,
    ...(typeof threshold === "number" ? { threshold } : {}),
    ...(typeof missing === "string" ? { missing } : {}),
  };
}
