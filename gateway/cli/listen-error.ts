const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there; use another port, or end it',
  EACCES: 'this user may not; use a port above 1023',
  EADDRNOTAVAIL: 'this machine does not have the address; use another host',
  ENOTFOUND: 'the address is not known; use another host'
}

/** Why a server could not listen, in one line; null when that is not what failed. */
export function listenError(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const {
    code = '',
    syscall,
    address,
    port,
    hostname
  } = error as NodeJS.ErrnoException & Readonly<{ address?: string; port?: number; hostname?: string }>
  const reason = REASONS[code]
  if (reason === undefined || (syscall !== 'listen' && syscall !== 'getaddrinfo')) return null
  const where = port === undefined ? (address ?? hostname) : `${address}:${port}`
  return `cannot listen on ${where}: ${reason}`
}
