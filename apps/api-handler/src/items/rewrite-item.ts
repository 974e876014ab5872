import type { ApiRequest, ApiResponse, Services } from "../http/api.ts";
import { etagOf } from "../http/preconditions.ts";
import { changeItem } from "./change-item.ts";
import type { Item, ItemContent } from "./item.ts";
import { expiryProblem } from "./item-content.ts";

/**
 * Gives an item new content, which may depend on the present one, and answers with the item as written.
 *
 * @throws {Problem} as `changeItem` and `newContent` do, and 400 when the new content has expired already
 */
export async function rewriteItem(
  request: ApiRequest,
  { store, now }: Services,
  id: string,
  newContent: (present: ItemContent) => ItemContent,
): Promise<ApiResponse> {
  const written = await changeItem(request, store, id, async ({ createdAt, updatedAt: _, version, ...present }) => {
    const { id: __, ...before } = present;
    const content = newContent(before);
    const time = now();
    const expired = expiryProblem(content, time);
    if (expired !== undefined) throw expired;
    const item: Item = { id, ...content, createdAt, updatedAt: time.toISOString(), version: version + 1 };
    return (await store.replace(item, version)) === "conflict" ? "conflict" : item;
  });
  return { status: 200, headers: { ETag: etagOf(written) }, body: written };
}
