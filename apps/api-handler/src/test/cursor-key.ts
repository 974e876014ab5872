/** A secret for list cursors, as long as the function demands. */
export const CURSOR_KEY = "0123456789abcdef0123456789abcdef";
