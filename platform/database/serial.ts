/** Runs tasks one at a time in the order of the calls: SQLite has one writing connection, so one transaction at a time. */
export function serial(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return task => {
    const run = last.then(task, task)
    last = run.catch(() => {})
    return run
  }
}
