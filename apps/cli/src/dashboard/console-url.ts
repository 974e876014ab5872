import { UserError } from "../user-error.ts";

/**
 * Where the console is, by the beginning of a Region's name; a Region of an isolated partition has one that is not public.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/console.html
 */
const HOSTS: readonly { readonly regions: RegExp; readonly host: string | undefined }[] = [
  { regions: /^cn-/, host: "console.amazonaws.cn" },
  { regions: /^us-gov-/, host: "console.amazonaws-us-gov.com" },
  { regions: /^(us|eu)-iso/, host: undefined },
  { regions: /^eusc-/, host: "console.amazonaws-eusc.eu" },
  { regions: /^/, host: "console.aws.amazon.com" },
];

/**
 * The address of a dashboard in the console of AWS.
 *
 * @throws UserError when the Region's console is not known
 */
export function consoleUrl(region: string, dashboard: string): string {
  const host = HOSTS.find(({ regions }) => regions.test(region))?.host;
  if (host === undefined) {
    throw new UserError(
      `The console of ${region} has no public address. Open the dashboard ${dashboard} there by hand.`,
    );
  }
  const query = encodeURIComponent(region);
  return `https://${region}.${host}/cloudwatch/home?region=${query}#dashboards/dashboard/${encodeURIComponent(dashboard)}`;
}
