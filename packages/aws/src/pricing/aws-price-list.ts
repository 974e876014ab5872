import { PRICE_UNITS, type Price, type PriceId } from "@slipway/contracts";
import { type PriceList, type PublishedPrices, ReleaseError } from "@slipway/release-engine";
import { type OfferProduct, PRICE_LIST_PRODUCTS, type PriceListProduct } from "./price-list-products.ts";

export interface AwsPriceListOptions {
  /** Where the offers are; AWS's own, public and without credentials, unless a mirror is named. */
  readonly url?: string;
  /** For all offers together. */
  readonly timeoutMs?: number;
}

interface Offer {
  readonly publicationDate?: string;
  readonly products?: Readonly<Record<string, OfferProduct>>;
  readonly terms?: { readonly OnDemand?: Readonly<Record<string, Readonly<Record<string, Term>>>> };
}

interface Term {
  readonly priceDimensions?: Readonly<Record<string, PriceDimension>>;
}

interface PriceDimension {
  readonly beginRange?: string;
  readonly pricePerUnit?: { readonly USD?: string };
}

interface Tier {
  readonly units: number;
  readonly usd: number;
}

const AWS_URL = "https://pricing.us-east-1.amazonaws.com";
const DEFAULT_TIMEOUT_MS = 20_000;

/**
 * Prices from the AWS Price List's offer files, one of each service and Region.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
 */
export class AwsPriceList implements PriceList {
  readonly #url: string;
  readonly #timeoutMs: number;

  constructor({ url = AWS_URL, timeoutMs = DEFAULT_TIMEOUT_MS }: AwsPriceListOptions = {}) {
    this.#url = url.replace(/\/+$/, "");
    this.#timeoutMs = timeoutMs;
  }

  async published(region: string, signal?: AbortSignal): Promise<PublishedPrices> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    const either = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    const codes = [...new Set(PRICE_LIST_PRODUCTS.map(({ offer }) => offer))];
    const read = await Promise.all(codes.map((code) => this.#readOffer(code, region, either)));
    signal?.throwIfAborted();

    const prices: Partial<Record<PriceId, Price>> = {};
    const problems: string[] = [];
    const dates: string[] = [];
    for (const { code, url, ...rest } of read) {
      if ("problem" in rest) {
        problems.push(`The Price List's offer ${code} cannot be read: ${rest.problem}.`);
        continue;
      }
      const date = rest.offer.publicationDate?.slice(0, 10) ?? "";
      dates.push(date);
      for (const product of PRICE_LIST_PRODUCTS.filter(({ offer }) => offer === code)) {
        const found = priceIn(rest.offer, product);
        if (typeof found === "string") {
          problems.push(`The Price List's offer ${code} has ${found} for ${product.id}.`);
        } else if (found !== undefined) {
          prices[product.id] = { ...found, unit: PRICE_UNITS[product.id], per: product.per, source: url, date };
        }
      }
    }
    if (dates.length === 0) {
      throw new ReleaseError({
        kind: "unreachable",
        what: `The AWS Price List at ${this.#url} cannot be read`,
        why: problems[0] ?? "it has no offers",
        next: "check the network, or leave --price-list out",
      });
    }
    return { prices, date: dates.sort().at(-1) ?? "", from: this.#url, problems };
  }

  async #readOffer(
    code: string,
    region: string,
    signal: AbortSignal,
  ): Promise<{ code: string; url: string } & ({ offer: Offer } | { problem: string })> {
    const url = `${this.#url}/offers/v1.0/aws/${code}/current/${region}/index.json`;
    try {
      const response = await fetch(url, { signal });
      if (!response.ok) {
        return { code, url, problem: `${url} answered ${response.status}` };
      }
      const offer = (await response.json()) as Offer;
      return /^\d{4}-\d\d-\d\d/.test(offer.publicationDate ?? "")
        ? { code, url, offer }
        : { code, url, problem: `${url} is no offer file: it has no publicationDate` };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = signal.aborted ? `no answer in ${this.#timeoutMs / 1000} s` : messageOf(cause);
      return { code, url, problem: why };
    }
  }
}

/** A price's tiers; undefined where the offer has none, and a text where it has several that differ. */
function priceIn(offer: Offer, { matches, per }: PriceListProduct): Pick<Price, "usd" | "beyond"> | undefined | string {
  const all = Object.entries(offer.products ?? {})
    .filter(([, product]) => matches(product))
    .map(([sku]) => paidTiers(offer, sku))
    .filter((tiers) => tiers.length > 0);
  const [tiers] = all;
  if (tiers === undefined) {
    return undefined;
  }
  if (all.some((others) => JSON.stringify(others) !== JSON.stringify(tiers))) {
    return "several prices that differ";
  }
  const [first, ...rest] = tiers.map(({ units, usd }) => ({ units, usd: Number((usd * per).toPrecision(12)) }));
  return first === undefined ? undefined : { usd: first.usd, ...(rest.length === 0 ? {} : { beyond: rest }) };
}

/**
 * The tiers of a product's on-demand price. Some offers begin with the free tier as a tier of $0: that is taken off by the
 * account, not by each resource, so the first tier with a price begins at 0 here.
 */
function paidTiers(offer: Offer, sku: string): Tier[] {
  const dimensions = Object.values(offer.terms?.OnDemand?.[sku] ?? {}).flatMap(({ priceDimensions = {} }) =>
    Object.values(priceDimensions),
  );
  const tiers = dimensions
    .map(({ beginRange = "0", pricePerUnit }) => ({ units: Number(beginRange), usd: Number(pricePerUnit?.USD) }))
    .filter(({ units, usd }) => Number.isFinite(units) && usd > 0)
    .sort((left, right) => left.units - right.units);
  return tiers.map(({ units, usd }, index) => ({ units: index === 0 ? 0 : units, usd }));
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return error.message === "" ? code || error.name : error.message;
}
