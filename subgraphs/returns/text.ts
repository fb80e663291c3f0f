/** The most characters of a note or a reason. */
export const LONGEST_TEXT = 2000
