import { expect, it } from "vitest";
import { isForeignPage } from "./foreign-page.ts";

const host = "127.0.0.1:4566";

it.each([
  ["a client that is no browser", { host }],
  ["no host at all", {}],
  ["localhost", { host: "localhost:4566" }],
  ["a bucket's host", { host: "bucket.s3.localhost:4566" }],
  ["IPv6", { host: "[::1]:4566" }],
  ["a container's name for its host", { host: "host.docker.internal:4566" }],
  ["an alias of one word", { host: "aws:4566" }],
  ["AWS's own name, pointed here", { host: "sts.us-east-1.amazonaws.com" }],
  ["a page of this machine", { host, origin: "http://localhost:3000", "sec-fetch-site": "cross-site" }],
  ["an image in a page of this machine", { host, referer: "http://localhost:3000/a", "sec-fetch-site": "cross-site" }],
  ["an address typed into the browser", { host, "sec-fetch-site": "none" }],
])("lets in %s", (_case, headers) => {
  expect(isForeignPage(headers)).toBe(false);
});

it.each([
  ["a page of elsewhere", { host, origin: "https://evil.example" }],
  ["a page that hides where it is from", { host, origin: "null" }],
  ["a page that calls itself like us", { host, origin: "https://localhost.evil.example" }],
  ["an image in a page of elsewhere", { host, "sec-fetch-site": "cross-site" }],
  ["an image that says so", { host, "sec-fetch-site": "cross-site", referer: "https://evil.example/localhost" }],
  ["a name that was rebound to this machine", { host: "evil.example:4566" }],
  ["a name that looks like an address", { host: "127.0.0.1.evil.example:4566" }],
  ["a name that looks like AWS's", { host: "s3.amazonaws.com.evil.example" }],
])("knows %s", (_case, headers) => {
  expect(isForeignPage(headers)).toBe(true);
});
