import type { PriceTable } from "@slipway/contracts";
import usEast1 from "./prices/us-east-1.json" with { type: "json" };

/** The tables that come with Slipway, by Region; a test holds each against its schema. */
const TABLES: readonly PriceTable[] = [usEast1 as PriceTable];

/** The Regions that Slipway brings prices for. */
export const PRICED_REGIONS: readonly string[] = TABLES.map(({ region }) => region);

/** The dated price table of a Region, or `undefined` when Slipway brings none for it. */
export function priceTableOf(region: string): PriceTable | undefined {
  return TABLES.find((table) => table.region === region);
}
