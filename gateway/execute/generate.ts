/** How often something is done in a general way before it is worth a function of its own. */
export const COLD = { rows: 200, targets: 200, runs: 5 }

/**
 * Makes a function of source text, with the named values in scope. Names that a client or a subgraph chose enter the text
 * through `JSON.stringify` alone.
 */
export function generate<Made>(scope: Readonly<Record<string, unknown>>, source: string): Made {
  return new Function(...Object.keys(scope), `"use strict"\n${source}`)(...Object.values(scope)) as Made
}
