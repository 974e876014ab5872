import type { MonitoredResources } from "@slipway/release-engine";
import { UserError } from "../user-error.ts";

/** Whose logs are wanted. */
export interface LogChoice {
  readonly function?: string;
  readonly api?: boolean;
  readonly group?: string;
}

/** A log group, and what it is called where there are several. */
export interface ChosenGroup {
  readonly group: string;
  readonly source: string;
}

/**
 * The log groups that flags mean: those of the functions, one function's, with `--api` the access logs too, or one by its name.
 *
 * @throws UserError when there is no such function or group in the environment, or flags contradict each other
 */
export function chooseLogGroups(
  { functions, stages, logGroups }: Pick<MonitoredResources, "functions" | "stages" | "logGroups">,
  choice: LogChoice,
  environment: string,
): readonly ChosenGroup[] {
  const functionLogs = functions.map(({ name, logGroup }) => ({
    ...{ name, group: logGroup, source: shortName(name, environment) },
  }));
  const accessLogs = stages.flatMap(({ accessLogGroup: group }) =>
    group === undefined ? [] : [{ group, source: "api" }],
  );
  const all: readonly ChosenGroup[] = [...functionLogs, ...accessLogs].map(({ group, source }) => ({ group, source }));
  if (choice.group !== undefined) {
    if (choice.function !== undefined || choice.api === true) {
      throw new UserError("--group: names a log group already. Leave --function and --api out, or leave it out.");
    }
    const named = all.filter(({ source }) => source === choice.group);
    if (named.length > 0) {
      return named;
    }
    const group = findName("--group", "log group", choice.group, logGroups, environment);
    return [all.find((each) => each.group === group) ?? { group, source: group }];
  }
  const names = functions.map(({ name }) => name);
  const name =
    choice.function === undefined ? undefined : findName("--function", "function", choice.function, names, environment);
  if (choice.api === true && accessLogs.length === 0) {
    throw new UserError(`--api: no stage of ${environment} writes an access log.`);
  }
  const wanted = name === undefined ? functionLogs : functionLogs.filter((each) => each.name === name);
  const chosen = [...wanted, ...(choice.api === true ? accessLogs : [])];
  if (chosen.length === 0) {
    throw new UserError(
      `${environment} has no function, so there is no log to look at. Name a log group with --group.`,
    );
  }
  return chosen.map(({ group, source }) => ({ group, source }));
}

/** One of several names: as it is, or by an end or a beginning of it that no other has. */
function findName(flag: string, what: string, text: string, names: readonly string[], environment: string): string {
  const found = names.includes(text)
    ? [text]
    : names.filter((name) => name.endsWith(text) || shortName(name, environment) === text);
  const [only] = found;
  if (only === undefined || found.length > 1 || text === "") {
    const which = found.length > 1 && text !== "" ? `'${text}' is several` : `there is no ${what} '${text}'`;
    const list = (found.length > 1 ? found : names).map((name) => `\n  ${name}`).join("");
    throw new UserError(`${flag}: ${which} in ${environment}. It has:${list}`);
  }
  return only;
}

/** `api-handler` of `api-handler-prod`. */
function shortName(name: string, environment: string): string {
  return name.endsWith(`-${environment}`) ? name.slice(0, -environment.length - 1) : name;
}
