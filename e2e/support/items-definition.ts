import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseTableDefinition, type TableDefinition } from "@slipway/contracts";
import { repositoryRoot } from "./repository.ts";

/** What `data/tables/items.json` says of the items table. */
export function readItemsDefinition(): TableDefinition {
  const parsed = parseTableDefinition(JSON.parse(readFileSync(join(repositoryRoot, "data/tables/items.json"), "utf8")));
  if (!parsed.ok) {
    throw new Error(parsed.problems.join("\n"));
  }
  return parsed.definition;
}
