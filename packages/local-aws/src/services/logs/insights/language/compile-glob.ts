/**
 * Turns the glob of a `parse` command into a regular expression with one group for each `*`. A `*` takes as little as it can of one
 * line; the last one, when nothing follows, takes the rest of the line.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html
 */
export function compileGlob(glob: string): { regex: RegExp; groups: number } {
  const pieces = glob.split("*").map((piece) => piece.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  const source = pieces.reduce((all, piece, index) => {
    const isLast = index === pieces.length - 1 && piece === "";
    return `${all}${isLast ? "(.*)" : "(.*?)"}${piece}`;
  });
  return { regex: new RegExp(source, "u"), groups: pieces.length - 1 };
}
