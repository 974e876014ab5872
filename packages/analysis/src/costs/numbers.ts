/** Bytes of what AWS bills as a GB. */
export const BYTES_PER_GB = 1024 ** 3;

/** Hours of what AWS's own calculator takes as a month: 365 days / 12. */
export const HOURS_PER_MONTH = 730;

/** Made when a number is first written: that takes as long as a hundred modules, and most commands write none. */
const whole = once(() => new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }));
const precise = once(() => new Intl.NumberFormat("en-US", { maximumSignificantDigits: 6 }));
const exact = once(() => new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 12 }));

/** `1,234,567`, `0.00123457`: a count or a size for a formula. */
export function quantityText(quantity: number): string {
  return Number.isInteger(quantity) ? whole().format(quantity) : precise().format(quantity);
}

/** `$0.20`, `$0.0000166667`: a price, with every digit that it has. */
export function priceText(usd: number): string {
  return `$${exact().format(usd)}`;
}

/** Dollars without the noise of binary fractions: ten decimals. */
export function roundUsd(usd: number): number {
  return Math.round(usd * 1e10) / 1e10;
}

/** `1 alarm`, `2 alarms`, `0.5 GB-seconds`; what is sold by the GB has no plural. */
export function unitsText(quantity: number, unit: string): string {
  return `${quantityText(quantity)} ${pluralOf(quantity, unit)}`;
}

function pluralOf(quantity: number, unit: string): string {
  return quantity === 1 || unit === "GB" ? unit : `${unit}s`;
}

/** Lambda's unit: seconds times GB of memory, a GB being 1,024 MB. */
export function gbSeconds(ms: number, memoryMb: number): number {
  return (ms / 1000) * (memoryMb / 1024);
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
