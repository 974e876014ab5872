import type { CostLine, FreeAllowance, PriceId, PriceTable } from "@slipway/contracts";
import { charge } from "./charge.ts";
import { type Coverage, monthlyUse } from "./monthly-use.ts";
import { BYTES_PER_GB, quantityText } from "./numbers.ts";
import type { Measured } from "./usage.ts";

/**
 * Turns what was observed into priced lines. One per report: it remembers how much of the free tier has been used up, which
 * the account has once, not each resource.
 */
export class Reckoning {
  readonly prices: PriceTable;
  readonly #left = new Map<FreeAllowance, number>();

  constructor(prices: PriceTable, freeTier: boolean) {
    this.prices = prices;
    for (const allowance of freeTier ? prices.free : []) {
      this.#left.set(allowance, allowance.units);
    }
  }

  /** A line for what is used up: stretched from the window to a month. */
  ofUse(item: string, id: PriceId, used: Measured, coverage: Coverage, explain = ""): CostLine {
    if ("unknown" in used) {
      return unknownLine(item, used.unknown);
    }
    const unit = this.prices.prices[id]?.unit ?? "unit";
    const { quantity, formula } = monthlyUse(used.value, unit, coverage);
    return this.#line(item, id, quantity, explain === "" ? formula : `${explain}; ${formula}`);
  }

  /** A line for what is kept, at its present level for a month. */
  ofLevel(item: string, id: PriceId, level: Measured, explain = ""): CostLine {
    return "unknown" in level ? unknownLine(item, level.unknown) : this.#line(item, id, level.value, explain);
  }

  /** A line for bytes that are stored, at their present size for a month. */
  ofBytes(item: string, id: PriceId, bytes: Measured): CostLine {
    return "unknown" in bytes
      ? unknownLine(item, bytes.unknown)
      : this.#line(item, id, bytes.value / BYTES_PER_GB, `${quantityText(bytes.value)} bytes / 1,024^3`);
  }

  #line(item: string, id: PriceId, quantity: number, explain: string): CostLine {
    const price = this.prices.prices[id];
    const cost = charge(this.prices, id, quantity, this.#takeFree(id, quantity));
    if (price === undefined || cost === undefined) {
      return unknownLine(item, `the price table of ${this.prices.date} has no price ${id}`, quantity);
    }
    const { usd, unit, per, source, date } = price;
    return {
      item,
      usdPerMonth: cost.usd,
      formula: explain === "" ? cost.formula : `${explain}; ${cost.formula}`,
      unknown: null,
      quantity,
      price: { id, usd, unit, per, source, date },
    };
  }

  #takeFree(id: PriceId, quantity: number): number {
    for (const [allowance, left] of this.#left) {
      if (allowance.covers.includes(id)) {
        const taken = Math.min(left, quantity);
        this.#left.set(allowance, left - taken);
        return taken;
      }
    }
    return 0;
  }
}

/** A line whose cost is not known, and why. */
export function unknownLine(item: string, why: string, quantity: number | null = null): CostLine {
  return { item, usdPerMonth: null, formula: null, unknown: why, quantity, price: null };
}
