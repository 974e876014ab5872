/** What somebody types after `--waive`: `checklist.iam`, or for one subject of it `release.unproven-function:orders`. */
export function waivedCheck(typed: string): { readonly check: string; readonly subject?: string } {
  const colon = typed.indexOf(":");
  return colon < 0 ? { check: typed } : { check: typed.slice(0, colon), subject: typed.slice(colon + 1).trim() };
}
