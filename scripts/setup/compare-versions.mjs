/**
 * Orders two versions as semantic versioning does: numbers first, then a pre-release before its release.
 *
 * @param {string} left for example `1.11.4`, `v22.1.0`, `1.12.0-beta1`
 * @param {string} right
 * @returns {number} negative, zero or positive
 * @throws {TypeError} when either is no version
 */
export function compareVersions(left, right) {
  const a = parse(left);
  const b = parse(right);
  for (const index of [0, 1, 2]) {
    const difference = (a.numbers[index] ?? 0) - (b.numbers[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  if (a.preRelease === b.preRelease) {
    return 0;
  }
  if (a.preRelease === "" || b.preRelease === "") {
    return a.preRelease === "" ? 1 : -1;
  }
  return a.preRelease.localeCompare(b.preRelease, "en", { numeric: true });
}

/** @param {string} version */
function parse(version) {
  const match = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?$/.exec(version.trim());
  if (match === null) {
    throw new TypeError(`"${version}" is not a version such as 1.2.3`);
  }
  const [, major = "0", minor = "0", patch = "0", preRelease = ""] = match;
  return { numbers: [Number(major), Number(minor), Number(patch)], preRelease };
}
