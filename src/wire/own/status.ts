/** `GET /api/status`: what the frame of the console shows. */
export type OwnStatus = {
  readonly version: string
  /** Whether any document was ever stored. */
  readonly hasData: boolean
  /** Documents that were accepted since the start of the process. */
  readonly accepted: number
  readonly rejected: number
  /** Epoch seconds of the newest accepted document; absent when there is none since the start. */
  readonly lastReceived?: number
  /** Where senders reach it: `host:port`. UDP is absent where it is off. */
  readonly http: string
  readonly udp?: string
  readonly account: string
  readonly region: string
}
