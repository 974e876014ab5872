/**
 * The least whole number at which a property holds that holds for all higher ones too; infinite when it holds nowhere.
 *
 * @param lowest - the first number in question
 * @param highest - the last one
 */
export function leastWhere(lowest: number, highest: number, holds: (value: number) => boolean): number {
  if (lowest > highest || !holds(highest)) {
    return Number.POSITIVE_INFINITY;
  }
  let [from, to] = [lowest, highest];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) {
      to = middle;
    } else {
      from = middle + 1;
    }
  }
  return from;
}
