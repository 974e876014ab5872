/** Where the console is, by the beginning of a Region's name. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const HOSTS: readonly { readonly region: RegExp; readonly host: (region: string) => string }[] = [
  { region: /^cn-/, host: (region) => `${region}.console.amazonaws.cn` },
  { region: /^us-gov-/, host: (region) => `${region}.console.amazonaws-us-gov.com` },
  { region: /^/, host: (region) => `${region}.console.aws.amazon.com` },
];

/** The address of a dashboard in the console of AWS. */
export function consoleUrl(region: string, dashboard: string): string {
  const host = HOSTS.find((each) => each.region.test(region))?.host(region) ?? "";
  const query = encodeURIComponent(region);
  return `https://${host}/cloudwatch/home?region=${query}#dashboards/dashboard/${encodeURIComponent(dashboard)}`;
}
