import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { answer } from "../shared/answer.ts";
import { LinkTable } from "../shared/link-table.ts";

const links = new LinkTable();

/** `GET /health`, and `GET /{slug}`: leads to where the link points. */
export async function handler({ path, pathParameters }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  if (path === "/health") {
    return answer(200, { status: "ok" });
  }
  const slug = pathParameters?.proxy ?? "";
  const link = await links.find(slug);
  return link === undefined
    ? answer(404, { message: "no such link", slug })
    : answer(302, link, { location: link.url });
}
