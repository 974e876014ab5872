const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Whether a text is a date and time of RFC 3339 that JavaScript's `Date` reads as the same moment: upper-case `T` and `Z`, a day that
 * the month has, no leap second; and a moment of the years 0 to 9999 in UTC, too, or it could not be written down again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function isDateTime(text: string): boolean {
  const [, year, month, day] = DATE_TIME.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12) return false;
  // Day 0 of the next month is the last one of this. The year 2000 stands for leap years, since Date.UTC reads 0 to 99 as 19xx.
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lastDay = new Date(Date.UTC(isLeapYear ? 2000 : 2001, month, 0)).getUTCDate();
  return day >= 1 && day <= lastDay && isOfFourDigits(new Date(text).getUTCFullYear());
}

/** Another offset can be another year. */
function isOfFourDigits(year: number): boolean {
  return year >= 0 && year <= 9999;
}
