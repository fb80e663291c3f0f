import { Fault } from '../errors.ts'

/** The fault of a request whose signal fired: the signal's reason when that is a fault, else TIMEOUT. */
export function abortFault(signal: AbortSignal, subgraph: string): Fault {
  if (signal.reason instanceof Fault) return signal.reason
  return new Fault('TIMEOUT', `${subgraph} did not answer in time; try again.`, { subgraph }, { cause: signal.reason })
}

/** Runs until the signal fires; what comes after that is dropped, since work in this process cannot be stopped. */
export async function unlessAborted<T>(
  signal: AbortSignal | undefined,
  subgraph: string,
  work: () => Promise<T>
): Promise<T> {
  if (!signal) return work()
  if (signal.aborted) throw abortFault(signal, subgraph)
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(abortFault(signal, subgraph))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
