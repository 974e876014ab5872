/** The commands that have no `--output json`, each with the reason. A test holds this against the commands. */
export const commandsWithoutJson: Readonly<Record<string, string>> = {
  completion: "it prints a script for a shell",
  manual: "it prints a page for man",
  "local env": "it prints exports for a shell, for eval",
};
