import type { TraceDestination, TraceDestinations } from '../control/trace-destination.ts'
import { fail } from '../wire/aws/error-catalogue.ts'
import type { Wire } from '../wire/xray/shapes.generated.ts'
import { answered } from './answered.ts'
import type { Operations } from './handler.ts'

/** The operations on the destination of traces (spec/query §4.9). */
export function destinationOperations(
  destinations: TraceDestinations,
): Pick<Operations, 'GetTraceSegmentDestination' | 'UpdateTraceSegmentDestination'> {
  return {
    async GetTraceSegmentDestination(_, { tenant, nowSeconds }) {
      return writeDestination(destinations.find(tenant, nowSeconds))
    },

    async UpdateTraceSegmentDestination({ Destination }, { tenant, nowSeconds }) {
      // The model calls it optional; without it there is nothing to do.
      if (Destination === undefined) return fail('InvalidRequestException', 'Destination is required')
      return writeDestination(answered(await destinations.update(tenant, Destination, nowSeconds)))
    },
  }
}

function writeDestination({ destination, status }: TraceDestination): Wire['GetTraceSegmentDestinationResult'] {
  return { Destination: destination, Status: status }
}
