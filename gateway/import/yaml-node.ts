import { CommandError } from '../cli/command-error.ts'

/** A value of the mapping file with its place, read with complaints that name the place and what to write there. */
export class YamlNode {
  readonly file: string
  readonly path: string
  readonly value: unknown

  constructor(file: string, path: string, value: unknown) {
    this.file = file
    this.path = path
    this.value = value
  }

  /** Throws CommandError: one line that names the place. */
  fail(problem: string): never {
    throw new CommandError(`${this.file}: ${this.path || 'the file'} ${problem}`)
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)
  }

  /** Its entries by key; of `allowed`, where given, and no others. */
  object(allowed?: readonly string[]): ReadonlyMap<string, YamlNode> {
    if (!this.isObject) this.fail('must be a group of fields')
    const entries = Object.entries(this.value as Record<string, unknown>)
    const unknown = entries.find(([key]) => allowed && !allowed.includes(key))
    if (unknown) this.fail(`has no field "${unknown[0]}": use ${allowed?.join(', ')}`)
    return new Map(
      entries.map(([key, value]) => [key, new YamlNode(this.file, this.path ? `${this.path}.${key}` : key, value)])
    )
  }

  list(): readonly YamlNode[] {
    const values = Array.isArray(this.value) ? (this.value as readonly unknown[]) : [this.value]
    return values.map(
      (value, i) => new YamlNode(this.file, Array.isArray(this.value) ? `${this.path}[${i}]` : this.path, value)
    )
  }

  text(): string {
    if (typeof this.value === 'number' || typeof this.value === 'boolean') return String(this.value)
    if (typeof this.value !== 'string' || this.value === '')
      return this.fail('must be a text; put it in quotes if it is one')
    return this.value
  }

  oneOf<Choice extends string>(choices: readonly Choice[]): Choice {
    const text = this.text()
    return choices.find(choice => choice === text) ?? this.fail(`is "${text}": use ${choices.join(', ')}`)
  }
}

/** An entry that must be there. */
export function required(parent: YamlNode, entries: ReadonlyMap<string, YamlNode>, key: string): YamlNode {
  return entries.get(key) ?? parent.fail(`needs a field "${key}"`)
}
