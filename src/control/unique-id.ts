const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** How many random bytes `uniqueId` takes. */
export const UNIQUE_ID_BYTES = 26

/** The part of an ARN that is never used again: 26 characters of base 32, 130 bits of chance (spec/query §0.5). */
export function uniqueId(random: Uint8Array): string {
  return Array.from(random, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('')
}
