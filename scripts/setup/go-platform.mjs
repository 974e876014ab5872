/**
 * The machine's name in HashiCorp's releases and in provider mirrors: Go's operating system and architecture.
 *
 * @param {string} [platform] as in process.platform
 * @param {string} [arch] as in process.arch
 * @returns {string} for example `linux_amd64`
 */
export function goPlatform(platform = process.platform, arch = process.arch) {
  const names = { x64: "amd64", ia32: "386" };
  return `${platform}_${names[/** @type {keyof typeof names} */ (arch)] ?? arch}`;
}
