import { PRICED_REGIONS, priceTableOf } from "@slipway/analysis";
import type { CostReport, PriceId, PriceTable } from "@slipway/contracts";
import type { PriceList } from "./ports/price-list.ts";
import { ReleaseError } from "./release-error.ts";

/** Prices, and where they are from. */
export interface ChosenPrices {
  readonly prices: PriceTable;
  readonly origin: CostReport["prices"]["origin"];
  /** File or URL. */
  readonly from: string;
  /** What a reader must know about them: a source that could not be reached, prices that are older than others. */
  readonly warnings: readonly string[];
}

/** Which prices are wanted. */
export interface PriceChoice {
  readonly region: string;
  /** A table that replaces Slipway's own. */
  readonly file?: { readonly path: string; readonly table: PriceTable };
  /** Asked before any table. */
  readonly list?: PriceList;
  readonly signal?: AbortSignal;
}

/** Where the tables that come with Slipway are kept. */
const OWN_TABLES = "packages/analysis/src/costs/prices";

/**
 * The prices to reckon with: the Price List's where it is asked for and answers, what it lacks from the table; otherwise the
 * table of the file, or Slipway's own of the Region.
 *
 * @throws {ReleaseError} `usage` when there are none for the Region, or the file is of another one
 */
export async function choosePrices({ region, file, list, signal }: PriceChoice): Promise<ChosenPrices> {
  if (file !== undefined && file.table.region !== region) {
    throw new ReleaseError({
      kind: "usage",
      what: `The prices of ${file.path} are of another Region`,
      why: `region: it says ${file.table.region}, and the environment is in ${region}`,
      next: `give a table of ${region}, or leave --prices out`,
    });
  }
  const own = priceTableOf(region);
  const table: ChosenPrices | undefined =
    file !== undefined
      ? { prices: file.table, origin: "file", from: file.path, warnings: [] }
      : own && { prices: own, origin: "table of Slipway", from: `${OWN_TABLES}/${region}.json`, warnings: [] };
  if (list !== undefined) {
    return fromList(list, region, table, signal);
  }
  if (table === undefined) {
    throw noPrices(region, `Slipway brings prices for ${PRICED_REGIONS.join(", ")} alone`);
  }
  return table;
}

async function fromList(
  list: PriceList,
  region: string,
  table: ChosenPrices | undefined,
  signal: AbortSignal | undefined,
): Promise<ChosenPrices> {
  try {
    const { prices, date, from, problems } = await list.published(region, signal);
    const missing = (Object.keys(table?.prices.prices ?? {}) as PriceId[]).filter((id) => prices[id] === undefined);
    const lacks =
      table === undefined || missing.length === 0
        ? []
        : [
            `The Price List has no ${missing.join(", ")}: taken from the table of ${table.prices.date} (${table.from}).`,
          ];
    return {
      prices: {
        version: 1,
        region,
        currency: "USD",
        date,
        prices: { ...table?.prices.prices, ...prices },
        free: table?.prices.free ?? [],
      },
      origin: "AWS Price List",
      from,
      warnings: [...problems, ...lacks],
    };
  } catch (error) {
    if (!(error instanceof ReleaseError) || signal?.aborted === true) {
      throw error;
    }
    if (table === undefined) {
      throw noPrices(region, `${error.what}: ${error.why}; and Slipway has no table of its own for ${region}`);
    }
    return {
      ...table,
      warnings: [
        `${error.what} (${error.why}). The prices are those of ${table.prices.date}, from ${table.from}: they may have changed since.`,
      ],
    };
  }
}

function noPrices(region: string, why: string): ReleaseError {
  return new ReleaseError({
    kind: "usage",
    what: `There are no prices for ${region}`,
    why,
    next: `ask AWS with --price-list, or give a table with --prices FILE (of the form of ${OWN_TABLES}/${PRICED_REGIONS[0]}.json)`,
  });
}
