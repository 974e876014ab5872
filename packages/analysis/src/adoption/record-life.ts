import type { HclValue } from "../hcl/hcl-value.ts";
import type { DetectedApi, DetectedRoute, DetectedTable } from "./detected.ts";
import type { DocumentedOperation } from "./open-api.ts";
import { routeOf, type SmokeInput } from "./propose-smoke.ts";

type StepInput = SmokeInput["steps"][number];
type Verb = "POST" | "GET" | "PUT" | "PATCH" | "DELETE";

/** What a smoke test could do with a record of the API: an example that people complete. */
export interface RecordLife {
  readonly steps: readonly StepInput[];
  /** For when a step before has failed. */
  readonly cleanup: readonly StepInput[];
}

/** Where records are made, and where one of them is. */
interface Place {
  readonly collection: string;
  readonly item: string;
  readonly parameter: string;
}

/** What is usual, where nothing is documented. */
const USUAL: Readonly<Record<Verb, number | number[]>> = {
  ...{ POST: [200, 201], GET: 200, PUT: [200, 204], PATCH: [200, 204], DELETE: [200, 204] },
};
const KEYS = /^(id|key|slug|code|uuid|name)$|Id$|_id$/;
/** Where all paths are behind one `{proxy+}`, nobody knows what records are called. */
const SOME = "records";

/**
 * The life of a record, made of the routes that an API has: made, read, changed, deleted, and gone. Bodies and statuses are those of the
 * OpenAPI document, or usual ones.
 *
 * @param tables of the same environment: the key of its records is what leads to them
 * @returns undefined where nothing can be made and found again
 */
export function recordLife(
  { routes, operations }: Pick<DetectedApi, "routes" | "operations">,
  tables: readonly Pick<DetectedTable, "name" | "key">[],
  isAlone: boolean,
): RecordLife | undefined {
  const places = placesIn(routes, operations);
  const routed = (verb: Verb, path: string) => routeOf({ method: verb, path }, routes);
  const ranked = places
    .map((place) => ({
      place,
      rank: (["GET", "DELETE", "PUT", "PATCH"] as const).filter((verb) => routed(verb, place.item)).length,
    }))
    .filter(({ place, rank }) => rank > 0 && routed("POST", place.collection) !== undefined)
    .sort((left, right) => right.rank - left.rank);
  const place = ranked[0]?.place;
  if (place === undefined) {
    return undefined;
  }
  const { collection, item, parameter } = place;
  const said = (verb: Verb, path: string) => operationAt(verb, path, operations);
  const made = said("POST", collection);
  // A token is nothing that a smoke test has: past the gateway nobody asks for one.
  const isOpen = routed("POST", collection)?.isOpen === true && made?.isClosed !== true;
  const through = isOpen || !isAlone ? {} : { through: "version" as const };
  const step = (name: string, verb: Verb, path: string, body?: HclValue): StepInput => ({
    ...{ name, method: verb, path, ...through },
    ...(body === undefined ? {} : { body: asJson(body) }),
    expect: { status: statusOf(verb, said(verb, path === collection ? collection : item)) },
  });
  const at = item.replace(/\{[^}]*\}$/, `{${parameter}}`);
  const listed = operations.filter((each) => shapeOf(each.path) === shapeOf(item));
  // `ANY` takes what no function may know: the document says which there are.
  const has = (verb: Verb) =>
    routed(verb, item) !== undefined && (listed.length === 0 || listed.some(({ method }) => method === verb));
  const update = has("PUT") ? "PUT" : has("PATCH") ? "PATCH" : undefined;
  const body = made?.body ?? { name: "smoke test {runId}" };
  const pointer = `/${keyOf(made, parameter, collection, tables)}`;
  return {
    steps: [
      { ...step("a record is made", "POST", collection, body), capture: { [parameter]: { json: pointer } } },
      ...(has("GET") ? [step("it can be read", "GET", at)] : []),
      ...(update ? [step("it is changed", update, at, said(update, item)?.body ?? body)] : []),
      ...(has("DELETE") ? [step("it is deleted", "DELETE", at)] : []),
      ...(has("DELETE") && has("GET") ? [{ ...step("and is gone", "GET", at), expect: { status: 404 } }] : []),
    ],
    cleanup: has("DELETE")
      ? [
          {
            ...step("the record is gone, whatever happened before", "DELETE", at),
            expect: { status: [200, 204, 404] },
          },
        ]
      : [],
  };
}

/** Paths below which one more part leads to one record, as they are documented, and as the gateway has them. */
function placesIn(routes: readonly DetectedRoute[], operations: readonly DocumentedOperation[]): readonly Place[] {
  const paths = [...operations, ...routes].map(({ path }) => path);
  const items = paths.flatMap((path): Place[] => {
    const [, collection = "", name = ""] = /^((?:\/[^/{}]+)+)\/\{([\w.:-]+)\+?\}$/.exec(path) ?? [];
    const isProxy = path.endsWith("+}");
    return collection === ""
      ? []
      : [
          {
            collection,
            item: `${collection}/{${isProxy ? "id" : name}}`,
            parameter: isProxy ? "id" : parameterOf(name),
          },
        ];
  });
  const below = routes.flatMap(({ path }): Place[] => {
    const [, start] = /^((?:\/[^/{}]+)*\/)\{[\w.:-]+\+\}$/.exec(path) ?? [];
    return start === undefined
      ? []
      : [{ collection: `${start}${SOME}`, item: `${start}${SOME}/{id}`, parameter: "id" }];
  });
  return [...items, ...below];
}

function operationAt(
  verb: Verb,
  path: string,
  operations: readonly DocumentedOperation[],
): DocumentedOperation | undefined {
  return operations.find((each) => each.method === verb && shapeOf(each.path) === shapeOf(path));
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]*\}/g, "{}");
}

/** A name that values can be captured under. */
function parameterOf(name: string): string {
  const word = name.replace(/[^A-Za-z0-9_]/g, "_");
  return /^[A-Za-z]/.test(word) && word !== "runId" ? word : `the_${word}`;
}

function statusOf(verb: Verb, operation: DocumentedOperation | undefined): number | number[] {
  const good = (operation?.statuses ?? []).filter((status) => status >= 200 && status < 300);
  const [only, ...others] = good;
  return only === undefined ? USUAL[verb] : others.length === 0 ? only : good;
}

/** Where in the answer it says what the new record is called. */
function keyOf(
  made: DocumentedOperation | undefined,
  parameter: string,
  collection: string,
  tables: readonly Pick<DetectedTable, "name" | "key">[],
): string {
  const names = made?.answers ?? [];
  const word = collection.split("/").at(-1) ?? "";
  const [only, ...others] = tables;
  const table = tables.find(({ name }) => name === word) ?? (others.length === 0 ? only : undefined);
  return (
    names.find((each) => each === parameter) ??
    names.find((each) => KEYS.test(each)) ??
    table?.key ??
    (parameter || "id")
  );
}

/** As it can be written into a configuration: nothing in it is a placeholder that nobody fills. */
function asJson(value: HclValue): StepInput["body"] {
  const text = JSON.stringify(value, (_, each) =>
    typeof each === "string" ? each.replace(/\{(?!runId\})([^{}]*)\}/g, "$1") : each,
  );
  return JSON.parse(text ?? "null");
}
