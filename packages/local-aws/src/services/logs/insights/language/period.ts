/** A length of time as queries write it: `5m`, `1 hour` without the space, `2weeks`. */
export interface Period {
  readonly count: number;
  readonly unit: "millisecond" | "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";
}

const UNITS: Readonly<Record<string, Period["unit"]>> = {
  ms: "millisecond",
  msec: "millisecond",
  millisecond: "millisecond",
  s: "second",
  sec: "second",
  second: "second",
  m: "minute",
  min: "minute",
  minute: "minute",
  h: "hour",
  hr: "hour",
  hour: "hour",
  d: "day",
  day: "day",
  w: "week",
  week: "week",
  mo: "month",
  mon: "month",
  month: "month",
  q: "quarter",
  qtr: "quarter",
  quarter: "quarter",
  y: "year",
  yr: "year",
  year: "year",
};

/**
 * Reads the unit of a period; all but those of one letter may have an `s` behind.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
 */
export function readUnit(text: string): Period["unit"] | undefined {
  const unit = text.toLowerCase();
  return UNITS[unit] ?? (unit.length > 2 && unit !== "mss" ? UNITS[unit.replace(/s$/, "")] : undefined);
}
