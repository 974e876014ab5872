/** A block of a Markdown file that is typed into a shell. */
export interface ShellBlock {
  /** The headings above it, the outermost first. */
  readonly section: readonly string[];
  /** Its commands in their order, each with its line breaks. */
  readonly commands: readonly string[];
}

/** Reads the blocks of a Markdown file that are marked as `bash`. */
export function readShellBlocks(markdown: string): readonly ShellBlock[] {
  const blocks: ShellBlock[] = [];
  const section: string[] = [];
  for (const { groups = {} } of markdown.matchAll(
    /^(?<depth>#{1,6}) (?<heading>.+)$|^```(?<language>\w*)\n(?<text>[\s\S]*?)^```$/gm,
  )) {
    const { depth, heading = "", language, text = "" } = groups;
    if (depth !== undefined) {
      section.splice(depth.length - 1, Number.POSITIVE_INFINITY, heading);
    } else if (language === "bash") {
      blocks.push({ section: section.filter((part) => part !== undefined), commands: shellLines(text) });
    }
  }
  return blocks;
}

/** The commands of a script: one ends where a line does not end with a backslash. */
export function shellLines(script: string): readonly string[] {
  const lines = script.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const commands: string[] = [];
  let isOpen = false;
  for (const line of lines) {
    if (isOpen) {
      commands.push(`${commands.pop()}\n${line}`);
    } else {
      commands.push(line);
    }
    isOpen = line.endsWith("\\");
  }
  return commands;
}
