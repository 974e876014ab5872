import GithubSlugger from "github-slugger";
// marked, because its lexer reads GitHub's Markdown (tables, fences in lists) without a dependency of its own: a regular expression takes
// what is quoted in code for a link. github-slugger, because anchors are GitHub's, and it is GitHub's own rule.
import { lexer, type Token, type Tokens, walkTokens } from "marked";

/** What can be checked of a Markdown file. Lines begin at 1. */
export interface MarkdownFile {
  readonly headings: readonly { readonly text: string; readonly anchor: string; readonly depth: number }[];
  /** Fenced blocks. */
  readonly blocks: readonly MarkdownBlock[];
  /** Targets of links and images, as they are written. */
  readonly links: readonly string[];
  /** What stands in code inside of text. */
  readonly codes: readonly string[];
}

/** A fenced block. */
export interface MarkdownBlock {
  /** `bash`, `json`; empty where it names none. */
  readonly language: string;
  readonly text: string;
  /** The line after the fence. */
  readonly line: number;
  /** The headings above it, the outermost first. */
  readonly section: readonly string[];
}

/** Reads a Markdown file as GitHub shows it. */
export function readMarkdown(source: string): MarkdownFile {
  const slugger = new GithubSlugger();
  const headings: { text: string; anchor: string; depth: number }[] = [];
  const blocks: MarkdownBlock[] = [];
  const links: string[] = [];
  const codes: string[] = [];
  const section: string[] = [];
  let line = 1;
  for (const token of lexer(source)) {
    if (token.type === "heading") {
      const text = plainText(token as Tokens.Heading);
      const { depth } = token as Tokens.Heading;
      headings.push({ text, anchor: slugger.slug(text), depth });
      section.splice(depth - 1, Number.POSITIVE_INFINITY, text);
    }
    walkTokens([token], (each) => {
      if (each.type === "link" || each.type === "image") {
        links.push((each as Tokens.Link).href);
      } else if (each.type === "codespan") {
        codes.push(unescaped((each as Tokens.Codespan).text));
      } else if (each.type === "code" && /^\s*(`{3,}|~{3,})/.test(each.raw)) {
        const { lang = "", text } = each as Tokens.Code;
        const inside = Math.max(0, token.raw.indexOf(each.raw.trimEnd().split("\n")[0] ?? ""));
        const at = line + countLines(token.raw.slice(0, inside)) + 1;
        blocks.push({ language: lang.split(/\s/)[0] ?? "", text, line: at, section: [...section] });
      }
    });
    line += countLines(token.raw);
  }
  return { headings, blocks, links, codes };
}

/** What a heading says without its markup: anchors are made of it. */
function plainText({ tokens = [] }: { readonly tokens?: Token[] }): string {
  return tokens
    .map((token) => ("tokens" in token && token.tokens ? plainText(token as Tokens.Generic) : textOf(token)))
    .join("");
}

function textOf(token: Token): string {
  return "text" in token && typeof token.text === "string" ? unescaped(token.text) : token.raw;
}

/** marked writes these as HTML does. */
const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" },
};

function unescaped(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

function countLines(text: string): number {
  return text.split("\n").length - 1;
}
