/** A JSON value as `JSON.parse` makes it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/**
 * A JSON object as `JSON.parse` makes it. Keys are hostile: `__proto__` and `constructor` are ordinary keys here, so
 * never copy with spread onto an object that has a prototype, and never assign by a computed key (spec/ingest §6.7).
 */
export type JsonObject = { readonly [key: string]: Json }
