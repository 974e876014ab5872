import type { ApiRequest, ApiResponse, Services } from "./api.ts";
import { changeItem } from "./change-item.ts";
import { etagOf } from "./etag.ts";
import type { Item, ItemContent } from "./item.ts";

/**
 * Gives an item new content, which may depend on the present one, and answers with the item as written.
 *
 * @throws {Problem} as `changeItem` and `newContent` do
 */
export async function rewriteItem(
  request: ApiRequest,
  { store, now }: Services,
  id: string,
  newContent: (present: ItemContent) => ItemContent,
): Promise<ApiResponse> {
  const written = await changeItem(request, store, id, async ({ createdAt, updatedAt: _, version, ...present }) => {
    const { id: __, ...content } = present;
    const item: Item = {
      id,
      ...newContent(content),
      createdAt,
      updatedAt: now().toISOString(),
      version: version + 1,
    };
    return (await store.replace(item, version)) === "conflict" ? "conflict" : item;
  });
  return { status: 200, headers: { ETag: etagOf(written) }, body: written };
}
