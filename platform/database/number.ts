import type { ValueTransformer } from 'typeorm'

/** Column transformer for `bigint` columns that hold safe integers: MySQL's driver gives text, SQLite's a number. */
export const bigintNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? value : Number(value))
}
