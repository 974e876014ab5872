export type { Charge } from "./costs/charge.ts";
export { estimateMonthlyCost, type StandingResource } from "./costs/estimate-monthly-cost.ts";
export { PRICED_REGIONS, priceTableOf } from "./costs/price-table-of.ts";
export type { Observed } from "./observed.ts";
