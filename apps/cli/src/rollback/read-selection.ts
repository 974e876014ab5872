import type { DataTableConfig, ItemFate, RecordFilter, UndoSelection } from "@slipway/contracts";
import { UserError } from "../user-error.ts";
import type { UndoOptions } from "./undo-options.ts";

type Images = { -readonly [K in "before" | "after"]: { present: string[]; missing: string[]; equals: Equals } };
type Equals = Record<string, string | number | boolean | null>;

/** `after.price=0`, `before.name`, `!after.note`, `changed.price`. */
const CONDITION = /^(!?)(before|after|changed)\.([^=]+)(?:=(.*))?$/s;

/**
 * The selection that flags mean.
 *
 * @throws UserError for a condition that cannot be read, and where nothing says which attribute has the writer
 */
export function readSelection(
  { where = [], fate = [], keyPrefix, writer, functionVersion }: UndoOptions,
  table: Pick<DataTableConfig, "name" | "recovery">,
): UndoSelection {
  const images: Images = { before: noFilter(), after: noFilter() };
  const touched: string[] = [];
  for (const condition of where) {
    const [, not = "", image = "", name = "", value] = CONDITION.exec(condition.trim()) ?? [];
    if (
      name === "" ||
      (not !== "" && value !== undefined) ||
      (image === "changed" && (not !== "" || value !== undefined))
    ) {
      throw new UserError(
        `--where: '${condition}' is no condition. Write after.NAME=VALUE, before.NAME=VALUE, after.NAME, !after.NAME or changed.NAME.`,
      );
    }
    if (image === "changed") {
      touched.push(name);
    } else {
      const filter = images[image as "before" | "after"];
      if (value !== undefined) {
        setOnce(filter.equals, name, valueIn(condition, value), `--where: ${image}.${name}`);
      } else {
        (not === "" ? filter.present : filter.missing).push(name);
      }
    }
  }
  const { writerAttribute, versionAttribute } = table.recovery ?? {};
  if (writer !== undefined) {
    const name = attributeFor("--writer", "writerAttribute", writerAttribute, table.name);
    setOnce(images.after.equals, name, writer, "--writer");
  }
  if (functionVersion !== undefined) {
    const name = attributeFor("--function-version", "versionAttribute", versionAttribute, table.name);
    setOnce(images.after.equals, name, functionVersion, "--function-version");
  }
  if (keyPrefix === "") {
    throw new UserError("--key-prefix: is empty. Leave it out to select every key.");
  }
  const [before, after] = [filterOf(images.before), filterOf(images.after)];
  return {
    ...(fate.length > 0 && { fates: [...new Set(fate as ItemFate[])] }),
    ...(keyPrefix !== undefined && { keyPrefix }),
    ...(touched.length > 0 && { touched }),
    ...(before && { before }),
    ...(after && { after }),
  };
}

function noFilter(): Images["before"] {
  return { present: [], missing: [], equals: {} };
}

function filterOf({ present, missing, equals }: Images["before"]): RecordFilter | undefined {
  const filter = {
    ...(present.length > 0 && { present }),
    ...(missing.length > 0 && { missing }),
    ...(Object.keys(equals).length > 0 && { equals }),
  };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

function setOnce(equals: Equals, name: string, value: Equals[string], flag: string): void {
  if (Object.hasOwn(equals, name) && equals[name] !== value) {
    throw new UserError(
      `${flag}: is to be two values at the same time: ${JSON.stringify(equals[name])} and ${JSON.stringify(value)}.`,
    );
  }
  equals[name] = value;
}

/** A number, true, false, null or a text in quotes are what JSON says; everything else is the text that it is. */
function valueIn(condition: string, text: string): Equals[string] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof value === "object" && value !== null) {
    throw new UserError(
      `--where: '${condition}' compares with a list or a map. Only texts, numbers, true, false and null can be compared.`,
    );
  }
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new UserError(`--where: '${condition}' has a number of too many digits to be compared exactly.`);
  }
  return value as Equals[string];
}

/** DynamoDB keeps no record of who wrote an item: only the application can. */
function attributeFor(flag: string, key: string, attribute: string | undefined, table: string): string {
  if (attribute === undefined) {
    throw new UserError(
      `${flag}: DynamoDB keeps no record of who wrote an item, and slipway.config.ts names no attribute of ${table} that has it. Where the application writes one, add recovery: { ${key}: NAME } to that table; otherwise select by --release, --where or --key-prefix.`,
    );
  }
  return attribute;
}
