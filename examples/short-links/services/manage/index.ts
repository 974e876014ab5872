import { randomBytes } from "node:crypto";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { answer } from "../shared/answer.ts";
import { LinkTable } from "../shared/link-table.ts";

const links = new LinkTable();

/** `POST /links` makes a link; `GET` and `DELETE /links/{slug}` show it and take it away. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const slug = event.pathParameters?.proxy ?? "";
  switch (`${event.httpMethod} ${slug === "" ? "/links" : "/links/{slug}"}`) {
    case "POST /links":
      return make(event.body ?? "");
    case "GET /links/{slug}": {
      const link = await links.find(slug);
      return link === undefined ? answer(404, { message: "no such link", slug }) : answer(200, link);
    }
    case "DELETE /links/{slug}":
      await links.remove(slug);
      return answer(204);
    default:
      return answer(405, { message: `${event.httpMethod} is not for this` });
  }
}

async function make(body: string): Promise<APIGatewayProxyResult> {
  const { url, slug = randomBytes(5).toString("base64url") } = parse(body);
  if (typeof url !== "string" || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return answer(400, { message: "url: expected an address that begins with http:// or https://" });
  }
  // `links` and `health` are paths of the API itself.
  if (typeof slug !== "string" || !/^[\w-]{3,40}$/.test(slug) || slug === "links" || slug === "health") {
    return answer(400, { message: "slug: expected 3 to 40 letters, digits, - or _, and not a path of the API" });
  }
  const link = { slug, url };
  return (await links.add(link)) ? answer(201, link) : answer(409, { message: "somebody has this slug", slug });
}

function parse(body: string): { url?: unknown; slug?: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
