import { join } from "node:path";
import type { Core } from "../../core/core.ts";
import { ItemStore } from "./item-store.ts";

/** The keys that a stopped DynamoDB has left in its store, for tests. */
export async function storedKeys(core: Pick<Core, "store">): Promise<string[]> {
  const store = await ItemStore.open(join(core.store.directory, "dynamodb"));
  const keys: string[] = [];
  const view = await store.view();
  for await (const page of view.keys("0", "~")) {
    keys.push(...page);
  }
  await view.close();
  await store.close();
  return keys;
}

/** The ids of the tables and backups among {@link storedKeys}. */
export async function storedTables(core: Pick<Core, "store">): Promise<string[]> {
  return [...new Set((await storedKeys(core)).map((key) => key.slice(0, key.indexOf("/"))))];
}
