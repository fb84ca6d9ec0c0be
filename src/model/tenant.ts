/** Whose data it is. Every document, trace and setting belongs to exactly one account and region (design §6). */
export type Tenant = {
  /** Twelve digits. */
  readonly account: string
  /** As the client signed it, such as `us-east-1`. */
  readonly region: string
}
