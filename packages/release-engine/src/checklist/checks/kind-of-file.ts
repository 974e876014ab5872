const DOCUMENTATION = /(^|\/)docs?\/|\.(md|mdx|adoc|rst|txt)$/i;
const TEST = /(^|\/)(tests?|__tests__|e2e|fixtures)\/|\.(test|spec)\.\w+$|\.tftest\.hcl$/i;
/** `.github/`, `.ci/`, `.editorconfig`: for those who work on the code. */
const OF_THE_WORKSHOP = /^\./;

/** Whether a file is text for people. */
export function isDocumentation(path: string): boolean {
  return DOCUMENTATION.test(path);
}

/** Whether whoever uses what is released could notice a change of it. */
export function isNoticeable(path: string): boolean {
  return !isDocumentation(path) && !TEST.test(path) && !OF_THE_WORKSHOP.test(path);
}
