import type { LogEvent } from './log.ts'

/** Facts of an event by name, checked: an event that is not as its schema says throws, and is parked by the reader. */
export interface Facts {
  text(name: string): string
  textOrNull(name: string): string | null
  integer(name: string): number
  list(name: string): readonly Facts[]
}

/** The event's own facts. */
export function factsOf(event: Pick<LogEvent, 'type' | 'id' | 'data'>): Facts {
  return facts(event.data, `${event.type} ${event.id}`)
}

function facts(data: Readonly<Record<string, unknown>>, where: string): Facts {
  const wrong = (name: string, wanted: string): Error => new Error(`${where}: ${name} is not ${wanted}`)
  const textOrNull = (name: string): string | null => {
    const value = data[name] ?? null
    if (value !== null && typeof value !== 'string') throw wrong(name, 'text')
    return value
  }
  return {
    textOrNull,
    text(name) {
      const value = textOrNull(name)
      if (value === null) throw wrong(name, 'text')
      return value
    },
    integer(name) {
      const value = data[name]
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(name, 'an integer')
      return value
    },
    list(name) {
      const value = data[name]
      if (!Array.isArray(value)) throw wrong(name, 'a list')
      return value.map((item: unknown, i) => {
        if (typeof item !== 'object' || item === null) throw wrong(`${name}[${i}]`, 'an object')
        return facts(item as Readonly<Record<string, unknown>>, `${where} ${name}[${i}]`)
      })
    }
  }
}
