/**
 * A number that a double cannot hold digit by digit, as the text it was sent as (spec/ingest §6.5). Being of a class,
 * it cannot be mistaken for anything that was parsed from JSON, so nobody can send one by other means than a number.
 */
export class RawNumber {
  /** A JSON number. */
  readonly lexeme: string

  constructor(lexeme: string) {
    this.lexeme = lexeme
    Object.freeze(this)
  }

  /** The double nearest to it, possibly infinite. */
  get value(): number {
    return Number(this.lexeme)
  }
}
