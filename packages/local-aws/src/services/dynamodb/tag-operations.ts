import { AwsError } from "../../core/aws-error.ts";
import { type ControlOperations, type ControlPlane, checkCreated, invalid, tagsOf } from "./control-plane.ts";
import type { Table } from "./table.ts";

const PAGE = 10;

/** TagResource, UntagResource and ListTagsOfResource. */
export function tagOperations(plane: ControlPlane): ControlOperations {
  return {
    TagResource: ({ ResourceArn, Tags }) => {
      const { record } = byArn(plane, ResourceArn);
      checkCreated(record);
      if (Tags === undefined || Tags.length === 0) {
        throw invalid("Atleast one Tag needs to be provided as Input.");
      }
      plane.tables.put({ ...record, tags: tagsOf(Tags, record.tags) });
      return {};
    },

    UntagResource: ({ ResourceArn, TagKeys }) => {
      const { record } = byArn(plane, ResourceArn);
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
      const tags = Object.entries(byArn(plane, ResourceArn).record.tags).sort(([left], [right]) =>
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

function byArn(plane: ControlPlane, arn: string | undefined): Table {
  const prefix = plane.tables.arnOf("");
  if (arn === undefined || !arn.startsWith("arn:")) {
    throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn ?? "null"}`);
  }
  const table = arn.startsWith(prefix) ? plane.tables.find(arn.slice(prefix.length)) : undefined;
  if (table === undefined) {
    throw new AwsError("ResourceNotFoundException", `Requested resource not found: ResourcArn: ${arn} not found`);
  }
  return table;
}
