import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PRICE_IDS, parsePriceTable } from "@slipway/contracts";
import { afterEach, describe, expect, it } from "vitest";
import { AwsPriceList } from "./aws-price-list.ts";
import { PRICE_LIST_PRODUCTS } from "./price-list-products.ts";

interface Product {
  readonly usagetype: string;
  readonly more?: Readonly<Record<string, string>>;
  /** Begin of the tier and its price. */
  readonly tiers: readonly (readonly [string, string])[];
}

/** An offer file as AWS publishes them, with so much of it as matters. */
function offer(publicationDate: string, products: readonly Product[]): object {
  const skus = products.map((product, index) => [`SKU${index}`, product] as const);
  return {
    formatVersion: "v1.0",
    publicationDate,
    products: Object.fromEntries(
      skus.map(([sku, { usagetype, more }]) => [sku, { sku, attributes: { usagetype, ...more } }]),
    ),
    terms: {
      OnDemand: Object.fromEntries(
        skus.map(([sku, { tiers }]) => [
          sku,
          {
            [`${sku}.JRTCKXETXF`]: {
              priceDimensions: Object.fromEntries(
                tiers.map(([beginRange, USD], tier) => [`${sku}.${tier}`, { beginRange, pricePerUnit: { USD } }]),
              ),
            },
          },
        ]),
      ),
    },
  };
}

const DATE = "2026-11-20T10:00:00Z";
const lambda = offer(DATE, [
  { usagetype: "EUC1-Request", more: { group: "AWS-Lambda-Requests" }, tiers: [["0", "0.0000002000"]] },
  { usagetype: "Global-Request", more: { group: "AWS-Lambda-Requests" }, tiers: [["0", "0.0000001000"]] },
  {
    usagetype: "EUC1-Lambda-GB-Second",
    more: { group: "AWS-Lambda-Duration" },
    // Not in order, as in the real files.
    tiers: [
      ["6000000000", "0.0000150000"],
      ["0", "0.0000166667"],
    ],
  },
  { usagetype: "EUC1-Lambda-Edge-Request", more: { group: "AWS-Lambda-Edge-Requests" }, tiers: [["0", "0.0000006"]] },
]);
const dynamodb = offer("2026-11-19T10:00:00Z", [
  {
    usagetype: "EUC1-TimedStorage-ByteHrs",
    tiers: [
      ["0", "0.0000000000"],
      ["25", "0.3060000000"],
    ],
  },
  { usagetype: "EUC1-IA-TimedStorage-ByteHrs", tiers: [["0", "0.1220000000"]] },
  { usagetype: "IA-TimedStorage-ByteHrs", tiers: [["0", "0.1220000000"]] },
  { usagetype: "EUC1-WriteRequestUnits", tiers: [["0", "0.0000007625"]] },
]);
const kms = offer(DATE, [
  { usagetype: "eu-central-1-KMS-Keys", tiers: [["0", "1.0000000000"]] },
  { usagetype: "eu-central-1-KMS-Requests", tiers: [["0", "0.0000030000"]] },
  { usagetype: "EU-KMS-Requests", tiers: [["0", "0.0000040000"]] },
]);

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
});

/** A mirror of the Price List with these offers of eu-central-1; `undefined` never answers. */
async function mirror(offers: Readonly<Record<string, object | string | undefined>>): Promise<string> {
  const started = createServer((request, response) => {
    const [, code = ""] =
      /^\/offers\/v1\.0\/aws\/(\w+)\/current\/eu-central-1\/index\.json$/.exec(request.url ?? "") ?? [];
    if (!(code in offers)) {
      response.writeHead(403).end();
      return;
    }
    const body = offers[code];
    if (body !== undefined) {
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    }
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

describe("the AWS Price List", () => {
  it("gives a Region's prices with their tiers, source and date", async () => {
    const url = await mirror({ AWSLambda: lambda, AmazonDynamoDB: dynamodb, awskms: kms });
    const { prices, date, from } = await new AwsPriceList({ url }).published("eu-central-1");
    expect(from).toBe(url);
    expect(date).toBe("2026-11-20");
    expect(prices["lambda.requests"]).toEqual({
      usd: 0.2,
      unit: "request",
      per: 1_000_000,
      source: `${url}/offers/v1.0/aws/AWSLambda/current/eu-central-1/index.json`,
      date: "2026-11-20",
    });
    expect(prices["lambda.duration.x86_64"]).toMatchObject({
      usd: 0.0000166667,
      per: 1,
      beyond: [{ units: 6_000_000_000, usd: 0.000015 }],
    });
    expect(prices["dynamodb.on-demand.writes"]).toMatchObject({ usd: 0.7625, date: "2026-11-19" });
    expect(prices["kms.key"]?.usd).toBe(1);
  });

  it("takes no free tier, and no other table class, for the price", async () => {
    const url = await mirror({ AmazonDynamoDB: dynamodb });
    const { prices } = await new AwsPriceList({ url }).published("eu-central-1");
    expect(prices["dynamodb.storage"]).toMatchObject({ usd: 0.306, unit: "GB-month" });
    expect(prices["dynamodb.storage"]).not.toHaveProperty("beyond");
  });

  it("leaves out, and names, a price of which there are several", async () => {
    const url = await mirror({ awskms: kms });
    const { prices, problems } = await new AwsPriceList({ url }).published("eu-central-1");
    expect(prices["kms.requests"]).toBeUndefined();
    expect(problems).toContain("The Price List's offer awskms has several prices that differ for kms.requests.");
  });

  it("names the offers that it could not read", async () => {
    const url = await mirror({ AWSLambda: lambda, AmazonS3: "<html>", AmazonSNS: {} });
    const { problems } = await new AwsPriceList({ url }).published("eu-central-1");
    expect(problems).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/offer AmazonDynamoDB cannot be read: .* answered 403/),
        expect.stringMatching(/offer AmazonS3 cannot be read: .*JSON/),
        expect.stringMatching(/offer AmazonSNS cannot be read: .* no offer file/),
      ]),
    );
  });

  it("gives up after its time limit", async () => {
    const url = await mirror(Object.fromEntries(PRICE_LIST_PRODUCTS.map(({ offer: code }) => [code, undefined])));
    await expect(new AwsPriceList({ url, timeoutMs: 100 }).published("eu-central-1")).rejects.toMatchObject({
      kind: "unreachable",
      why: expect.stringContaining("no answer in 0.1 s"),
    });
  });

  it("fails as unreachable where nobody listens", async () => {
    const url = await mirror({});
    await new Promise((resolve) => server?.close(resolve));
    server = undefined;
    await expect(new AwsPriceList({ url }).published("eu-central-1")).rejects.toMatchObject({ kind: "unreachable" });
  });

  it("knows where each price is but that of dashboards, and what it finds fits a price table", async () => {
    expect(PRICE_IDS.filter((id) => !PRICE_LIST_PRODUCTS.some((product) => product.id === id))).toEqual([
      "cloudwatch.dashboard",
    ]);
    const url = await mirror({ AWSLambda: lambda });
    const { prices, date } = await new AwsPriceList({ url }).published("eu-central-1");
    // A mirror on this machine has no https, which a table's sources must have.
    const secure = JSON.parse(JSON.stringify(prices).replaceAll("http:", "https:"));
    const table = { version: 1, region: "eu-central-1", currency: "USD", date, prices: secure };
    expect(parsePriceTable(table)).toMatchObject({ ok: true });
  });
});
