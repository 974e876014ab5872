/**
 * Where an API's stage answers on local AWS. Terraform knows the URL that AWS would give it, `https://ID.execute-api.
 * REGION.amazonaws.com/STAGE`; names below `localhost` are not resolved on every machine, so this is the form that has the
 * API in its path.
 *
 * @param apiUrl the URL in Terraform's output
 * @param endpoint URL of local AWS
 * @returns without a slash at the end; a URL that is none of API Gateway's own, a domain name for example, as it is
 */
export function apiUrlAt(apiUrl: string, endpoint: string): string {
  const match = /^https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^/?#]+)\/?$/.exec(apiUrl);
  return match === null
    ? apiUrl.replace(/\/+$/, "")
    : `${endpoint.replace(/\/+$/, "")}/restapis/${match[1]}/${match[2]}/_user_request_`;
}
