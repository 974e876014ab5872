import type { Command, CommandIo } from "../command.ts";

/** `slipway manual`: the manual page. */
export const manual: Command = {
  name: "manual",
  summary: "print the manual page of all commands, as man reads it",
  options: [],
  examples: ["slipway manual | man -l -", "slipway manual > /usr/local/share/man/man1/slipway.1"],
  async run(_: object, io: CommandIo): Promise<number> {
    const [{ commands }, { groups }, { manPage }] = await Promise.all([
      import("../commands.ts"),
      import("../command-groups.ts"),
      import("../manual/man-page.ts"),
    ]);
    io.stdout.write(manPage(commands, groups));
    return 0;
  },
};
