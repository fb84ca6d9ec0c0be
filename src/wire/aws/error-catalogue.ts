/**
 * Every error an answer can carry: its HTTP status and when it is given. `type` is the name on the wire where it is not
 * the code itself. The list is closed, and docs/errors.md repeats it (spec/query §5.2, spec/ingest §1.4–1.6).
 */
export const errorCatalogue = {
  InvalidRequestException: { status: 400, when: 'A parameter is missing, out of its bounds, or makes no sense.' },
  SerializationException: { status: 400, when: 'The body is not JSON, or a member has the wrong JSON type.' },
  RuleLimitExceededException: { status: 400, when: 'There are as many sampling rules as there may be.' },
  MalformedPolicyDocumentException: { status: 400, when: 'A resource policy is not a valid policy document.' },
  LockoutPreventionException: { status: 400, when: 'A resource policy would lock its author out.' },
  InvalidPolicyRevisionIdException: { status: 400, when: 'The revision given is not the latest one of the policy.' },
  PolicySizeLimitExceededException: { status: 400, when: 'A resource policy is larger than 5 KB.' },
  PolicyCountLimitExceededException: { status: 400, when: 'There are as many resource policies as there may be.' },
  TooManyTagsException: { status: 400, when: 'A resource would have more than 50 tags.' },
  IncompleteSignatureException: { status: 400, when: 'The Authorization header cannot be read.' },
  MissingAuthenticationTokenException: { status: 403, when: 'The call has to be signed and is not.' },
  UnrecognizedClientException: { status: 403, when: 'The access key or session token is unknown.' },
  InvalidSignatureException: { status: 403, when: 'The signature is wrong, or too old.' },
  ExpiredTokenException: { status: 403, when: 'The temporary credentials have expired.' },
  AccessDeniedException: { status: 403, when: 'The caller is known and may not do this.' },
  ResourceNotFoundException: { status: 404, when: 'The group, rule or retrieval does not exist.' },
  UnknownOperationException: { status: 404, when: 'No operation has this path.' },
  MethodNotAllowed: {
    status: 405,
    type: 'UnknownOperationException',
    when: 'The path exists, but not for this method: operations are called with POST.',
  },
  RequestTimeoutException: { status: 408, when: 'The request did not arrive in time.' },
  RequestEntityTooLargeException: { status: 413, when: 'The body is larger than 10 MiB, packed or unpacked.' },
  MisdirectedRequestException: {
    status: 421,
    when: 'A browser reached the server under a name that it does not answer to (`--allowed-hosts`).',
  },
  ThrottledException: { status: 429, when: 'There is no room for more at the moment; try again later.' },
  RequestHeaderFieldsTooLargeException: { status: 431, when: 'The headers are larger than 16 KiB.' },
  BadRequestException: { status: 400, when: 'What arrived is not an HTTP request.' },
  InternalFailure: { status: 500, when: 'It is our fault; the log names the request id.' },
} as const satisfies Record<string, { readonly status: number; readonly type?: string; readonly when: string }>

/** The name of an error in the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue

/** An error that its caller is to see, as it is. Any other error is an internal failure. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code: ErrorCode
  /** The ARN that the error is about, where its shape has a place for one. */
  readonly resourceName: string | undefined

  constructor(code: ErrorCode, message: string, resourceName?: string) {
    super(message)
    this.code = code
    this.resourceName = resourceName
  }
}

/** Ends the call with an error of the catalogue. The message is for the client. */
export function fail(code: ErrorCode, message: string, resourceName?: string): never {
  throw new ServiceError(code, message, resourceName)
}
