import { isIP } from "node:net";

/**
 * Tells whether a request was made by a web page that has no business here, or reached this machine by a name that an attacker may own.
 *
 * Root's keys are public, so that every page in the developer's browser could sign requests to loopback, and with Lambda run code
 * of its choice on this machine. A presigned URL needs no header that a browser would ask permission for. Therefore:
 *
 * - the `Host` must be one that nobody else's DNS can point here (against DNS rebinding);
 * - a request that a page made must come from a page of this machine.
 *
 * Clients that are not browsers send neither `Origin` nor `Sec-Fetch-Site`, and are not concerned.
 * Source: "Fetch Metadata Request Headers" (W3C), "Origin" in RFC 6454.
 */
export function isForeignPage(headers: Readonly<Record<string, string | undefined>>): boolean {
  const { host, origin } = headers;
  if (host !== undefined && !isTrusted(host)) {
    return true;
  }
  if (origin !== undefined) {
    return !isLoopback(hostnameOf(origin));
  }
  // Without an Origin: an image, a link, a script. `same-site` is another port of the same address.
  return headers["sec-fetch-site"] === "cross-site" && !isLoopback(hostnameOf(headers.referer ?? ""));
}

/** Clients rarely change: a host that is named again and again is judged once. */
let latestHost = { value: "", isTrusted: false };

function isTrusted(host: string): boolean {
  if (host !== latestHost.value) {
    latestHost = { value: host, isTrusted: isTrustedHost(hostnameOf(`http://${host}`)) };
  }
  return latestHost.isTrusted;
}

function hostnameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : "";
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || /^127\.[\d.]+$|^\[::1\]$/.test(hostname);
}

/** Names that only this machine, its network's owner or AWS can give out: addresses, single words, `.localhost`, `.internal`, AWS's own. */
function isTrustedHost(hostname: string): boolean {
  return (
    isLoopback(hostname) ||
    isIP(hostname.replace(/^\[|\]$/g, "")) !== 0 ||
    /^[a-z0-9-]+$/.test(hostname) ||
    /\.(?:internal|amazonaws\.com)$/.test(hostname)
  );
}
