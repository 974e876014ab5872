/** Whether an argument takes all words that are left, in commander's notation: `[parts...]`, `<names...>`. */
export function isVariadicArgument(name: string): boolean {
  return /\.\.\.[\]>]$/.test(name);
}
