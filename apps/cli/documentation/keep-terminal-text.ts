// node apps/cli/documentation/keep-terminal-text.ts < CAPTURE > docs/pictures/NAME.txt: what a terminal shows in the end of a capture.

import { text } from "node:stream/consumers";
import { terminalText } from "./terminal-text.ts";

process.stdout.write(terminalText(await text(process.stdin)));
