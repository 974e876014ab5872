/** Names, those first that are most like what was typed. */
export function nearestNames(typed: string, names: readonly string[]): readonly string[] {
  const wanted = typed.toLowerCase();
  const scored = [...new Set(names)].map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }));
  return scored
    .toSorted((left, right) => left.distance - right.distance || (left.name < right.name ? -1 : 1))
    .map(({ name }) => name);
}

/** Part of a name counts as near: who types `orders` means `Shop/orders`, not `odors`. So does a word of it, mistyped. */
function distanceOf(wanted: string, name: string): number {
  if (name.includes(wanted) || (name.length > 2 && wanted.includes(name))) {
    return 0.5;
  }
  const words = name.split(/[^a-z0-9]+/).map((word) => editDistance(wanted, word) + 0.5);
  return Math.min(editDistance(wanted, name), ...words);
}

/** Letters to put in, to leave out or to change (Levenshtein). */
function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const change = (above[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[right.length] ?? 0;
}
