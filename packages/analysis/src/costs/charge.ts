import type { Price, PriceId, PriceTable } from "@slipway/contracts";
import { priceText, quantityText, roundUsd, unitsText } from "./numbers.ts";

/** What a quantity costs, and how that was reckoned. */
export interface Charge {
  readonly usd: number;
  /** `1,234,567 requests x $0.20 / 1,000,000`. */
  readonly formula: string;
}

/**
 * Prices a month's quantity, tier by tier. Tiers are an account's, here they are applied to one resource: right where no other
 * reaches the second tier, and otherwise too much rather than too little.
 *
 * @param quantity units of the price, of one month
 * @param free units of it that cost nothing
 * @returns `undefined` when the table has no such price
 */
export function charge(prices: PriceTable, id: PriceId, quantity: number, free = 0): Charge | undefined {
  const price = prices.prices[id];
  if (price === undefined) {
    return undefined;
  }
  const billed = Math.max(0, quantity - free);
  const parts = tiersOf(price, billed).map(({ units, usd }) => ({
    usd: (units * usd) / price.per,
    text: `${unitsText(units, price.unit)} x ${priceText(usd)}${price.per === 1 ? "" : ` / ${quantityText(price.per)}`}`,
  }));
  const given = free > 0 ? `${unitsText(quantity, price.unit)} - ${quantityText(free)} free; ` : "";
  return {
    usd: roundUsd(parts.reduce((sum, { usd }) => sum + usd, 0)),
    formula: `${given}${parts.map(({ text }) => text).join(" + ")}`,
  };
}

function tiersOf(price: Price, quantity: number): { units: number; usd: number }[] {
  const starts = [{ units: 0, usd: price.usd }, ...(price.beyond ?? [])];
  return starts
    .map(({ units: from, usd }, index) => {
      const to = starts[index + 1]?.units ?? Number.POSITIVE_INFINITY;
      return { units: Math.max(0, Math.min(quantity, to) - from), usd };
    })
    .filter(({ units }, index) => units > 0 || index === 0);
}
