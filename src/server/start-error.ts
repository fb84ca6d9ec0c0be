/**
 * The server cannot start for a reason that the operator can mend: a wrong setting, a port in use, a locked directory.
 * The message is one line that says what to do; the command line prints it without a stack and exits with code 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
}
