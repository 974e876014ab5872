const HOSTS = new Set(["github.com", "www.github.com", "ssh.github.com"]);

/**
 * Which GitHub repository a remote's URL leads to.
 *
 * @returns `owner/name`, or undefined where it leads elsewhere
 */
export function parseGithubUrl(url: string): string | undefined {
  // git's short form of ssh: user@host:path.
  const [, shortHost, shortPath] = /^(?:[^@/]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(url) ?? [];
  const parsed = shortHost === undefined ? URL.parse(url) : { hostname: shortHost, pathname: `/${shortPath}` };
  if (parsed === null || !HOSTS.has(parsed.hostname.toLowerCase())) {
    return undefined;
  }
  const [, repository] = /^\/+([\w.-]+\/[\w.-]+?)(?:\.git)?\/*$/.exec(parsed.pathname) ?? [];
  return repository;
}
