import { type ControlOperations, type ControlPlane, checkCreated, invalid, tagsOf } from "./control-plane.ts";
import { tableByArn } from "./table-by-arn.ts";

const PAGE = 10;

/** TagResource, UntagResource and ListTagsOfResource. */
export function tagOperations(plane: ControlPlane): ControlOperations {
  return {
    TagResource: ({ ResourceArn, Tags }) => {
      const { record } = tableByArn(plane, ResourceArn);
      checkCreated(record);
      if (Tags === undefined || Tags.length === 0) {
        throw invalid("Atleast one Tag needs to be provided as Input.");
      }
      plane.tables.put({ ...record, tags: tagsOf(Tags, record.tags) });
      return {};
    },

    UntagResource: ({ ResourceArn, TagKeys }) => {
      const { record } = tableByArn(plane, ResourceArn);
      checkCreated(record);
      if (TagKeys === undefined || TagKeys.length === 0) {
        throw invalid("Atleast one Tag Key needs to be provided as Input.");
      }
      plane.tables.put({
        ...record,
        tags: Object.fromEntries(Object.entries(record.tags).filter(([key]) => !TagKeys.includes(key))),
      });
      return {};
    },

    ListTagsOfResource: ({ ResourceArn, NextToken }) => {
      const tags = Object.entries(tableByArn(plane, ResourceArn).record.tags).sort(([left], [right]) =>
        left < right ? -1 : 1,
      );
      const start = NextToken === undefined ? 0 : tags.findIndex(([key]) => key > decodeToken(NextToken));
      const page = start === -1 ? [] : tags.slice(start, start + PAGE);
      const last = page.at(-1)?.[0];
      return {
        Tags: page.map(([Key, Value]) => ({ Key, Value })),
        NextToken:
          last !== undefined && tags.at(-1)?.[0] !== last ? Buffer.from(last).toString("base64url") : undefined,
      };
    },
  };
}

function decodeToken(token: string): string {
  return Buffer.from(token, "base64url").toString();
}
