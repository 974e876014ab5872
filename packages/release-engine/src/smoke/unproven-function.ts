/** The id that waivers name; their subject is the function's name, because each has to be answered for by itself. */
export const UNPROVEN_FUNCTION = "release.unproven-function";
