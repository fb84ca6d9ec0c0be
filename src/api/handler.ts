import type { Tenant } from '../model/tenant.ts'
import type { OperationName, Shapes } from '../wire/xray/shapes.generated.ts'

/** What an operation knows of the call beside its input. */
export type Call = {
  readonly requestId: string
  /** Whose data it is about. */
  readonly tenant: Tenant
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Epoch seconds at which the call arrived. */
  readonly nowSeconds: number
  /** The address of the peer, absent when there is no socket. */
  readonly sourceAddress?: string
  readonly userAgent?: string
}

/**
 * One operation: its input has been read by the service model, so types, required members, bounds, enums and patterns
 * hold. It rejects with a `ServiceError` that its caller is to see; anything else becomes an internal failure.
 */
export type Handler<Op extends OperationName> = (
  input: Shapes[Op]['input'],
  call: Call,
) => Promise<Shapes[Op]['output']>

/** All operations of the service model. One that is missing does not compile (style §6 habit 8). */
export type Operations = { readonly [Op in OperationName]: Handler<Op> }

/** Checks of operations that are known to look at something before the bounds of their input. */
export type FirstChecks = { readonly [Op in OperationName]?: (input: Shapes[Op]['input']) => void }
