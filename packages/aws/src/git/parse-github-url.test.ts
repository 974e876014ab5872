import { expect, test } from "vitest";
import { parseGithubUrl } from "./parse-github-url.ts";

test.each([
  ["https://github.com/acme/items-api.git", "acme/items-api"],
  ["https://github.com/acme/items-api", "acme/items-api"],
  ["https://x-access-token:t0ken@github.com/acme/items.api/", "acme/items.api"], // secretlint-disable-line -- an example
  ["git@github.com:acme/items-api.git", "acme/items-api"],
  ["github.com:acme/items-api", "acme/items-api"],
  ["ssh://git@github.com/acme/items-api.git", "acme/items-api"],
  ["ssh://git@ssh.github.com:443/acme/items-api.git", "acme/items-api"],
  ["git://GitHub.com/acme/items-api", "acme/items-api"],
])("%s leads to %s", (url, repository) => {
  expect(parseGithubUrl(url)).toBe(repository);
});

test.each([
  "https://gitlab.com/acme/items-api.git",
  "https://github.com.example.org/acme/items-api",
  "https://example.org/github.com/acme",
  "git@example.com:acme/items-api.git",
  "https://github.com/acme",
  "https://github.com/acme/items-api/tree/main",
  "/srv/git/github.com/acme/items-api",
  "../items-api",
  "",
])("%s leads elsewhere", (url) => {
  expect(parseGithubUrl(url)).toBeUndefined();
});
