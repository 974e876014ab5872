import type { Price, PriceId } from "@slipway/contracts";

/** What a publisher of prices says of a Region now. */
export interface PublishedPrices {
  /** Those that were found; any other is not known to it. */
  readonly prices: Readonly<Partial<Record<PriceId, Price>>>;
  /** Day of the newest publication. */
  readonly date: string;
  /** Where it was read. */
  readonly from: string;
  /** Offers that could not be read, and why. */
  readonly problems: readonly string[];
}

/** A publisher of prices, such as the AWS Price List. */
export interface PriceList {
  /** @throws ReleaseError when nothing at all can be read */
  published(region: string, signal?: AbortSignal): Promise<PublishedPrices>;
}
