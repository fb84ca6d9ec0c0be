import { TIME_ORIGIN_SECONDS } from './document.ts'

/**
 * Where one message (a request or a datagram) holds what every pass of a replay must change: trace ids, so that none is
 * ever sent twice, and times, so that they are now. All of them have a fixed width, so a pass overwrites digits in
 * place and lengths never change.
 */
export type PatchSlots = {
  /** Offsets of the 17 bytes `00000000-00000000` in each trace id. */
  readonly ids: Uint32Array
  /** Offsets of the ten digits before the point of each time. */
  readonly times: Uint32Array
  /** What each of those times was, in seconds after {@link TIME_ORIGIN_SECONDS}. */
  readonly seconds: Uint16Array
}

/** What one pass writes into the slots. */
export type Pass = {
  /** The 19 characters that begin each trace id of this pass: `1-`, epoch, `-`, salt. */
  readonly idPrefix: string
  readonly idBytes: Uint8Array
  /** Ten digits for every second of the workload. */
  readonly digits: Uint8Array
}

const ID_MARK = Buffer.from('1-00000000-00000000')
const ID_WIDTH = 17
const TIME_MARK = Buffer.from('_time')
const TIME_WIDTH = 10
const MAX_SECONDS = 1_000
const DIGIT_ZERO = 48
const DIGIT_NINE = 57

/** Finds the slots of a message as the generator wrote it, before the first patch. */
export function findSlots(message: Buffer): PatchSlots {
  const ids: number[] = []
  for (let at = message.indexOf(ID_MARK); at >= 0; at = message.indexOf(ID_MARK, at + ID_MARK.length)) ids.push(at + 2)
  const times: number[] = []
  const seconds: number[] = []
  for (let at = message.indexOf(TIME_MARK); at >= 0; at = message.indexOf(TIME_MARK, at + TIME_MARK.length)) {
    // Between the key and its number stand `":`, or `\":` inside a request body.
    let digit = at + TIME_MARK.length
    while (digit < at + TIME_MARK.length + 3 && !isDigit(message[digit])) digit++
    const second = Number(message.toString('latin1', digit, digit + TIME_WIDTH)) - TIME_ORIGIN_SECONDS
    // Anything else is the rest of a document that was cut off on purpose.
    if (!(second >= 0 && second < MAX_SECONDS)) continue
    times.push(digit)
    seconds.push(second)
  }
  return { ids: Uint32Array.from(ids), times: Uint32Array.from(times), seconds: Uint16Array.from(seconds) }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= DIGIT_ZERO && byte <= DIGIT_NINE
}

/**
 * Prepares a pass. `originSeconds` is the epoch second that the workload's second zero becomes; `salt` must differ
 * from every other pass that a server has seen.
 */
export function makePass(originSeconds: number, salt: number): Pass {
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')
  const id = `${hex(originSeconds)}-${hex(salt)}`
  const digits = Buffer.alloc(MAX_SECONDS * TIME_WIDTH)
  for (let second = 0; second < MAX_SECONDS; second++) {
    digits.write(String(originSeconds + second).padStart(TIME_WIDTH, '0'), second * TIME_WIDTH, 'latin1')
  }
  return { idPrefix: `1-${id}`, idBytes: Buffer.from(id, 'latin1'), digits }
}

/** Overwrites ids and times of a message with those of the pass, in place. */
export function patchMessage(message: Buffer, slots: PatchSlots, pass: Pass): void {
  const { idBytes, digits } = pass
  for (const at of slots.ids) {
    for (let i = 0; i < ID_WIDTH; i++) message[at + i] = idBytes[i] ?? DIGIT_ZERO
  }
  const { times, seconds } = slots
  for (let t = 0; t < times.length; t++) {
    const at = times[t] ?? 0
    const from = (seconds[t] ?? 0) * TIME_WIDTH
    for (let i = 0; i < TIME_WIDTH; i++) message[at + i] = digits[from + i] ?? DIGIT_ZERO
  }
}
