import { Column, Entity, PrimaryColumn } from 'typeorm'

/** One call of a mutation by its idempotency key, with what was answered; kept beside the rows that it changed. */
@Entity('idempotency')
export class IdempotencyRow {
  @PrimaryColumn('varchar', { length: 64 })
  company!: string

  @PrimaryColumn('varchar', { length: 64 })
  consumer!: string

  @PrimaryColumn('varchar', { length: 64 })
  operation!: string

  /** SHA-256 of the caller's key in hexadecimal, so that a key of any length fits an index. */
  @PrimaryColumn('varchar', { length: 64 })
  key!: string

  /** SHA-256 of the canonical input in hexadecimal. */
  @Column('varchar', { length: 64 })
  input!: string

  /** The stored outcome as JSON; null while the first call is still at work. */
  @Column('text', { nullable: true })
  outcome!: string | null

  /** Ids of the events that the call emitted, as a JSON array. */
  @Column('text')
  events!: string

  @Column('varchar', { length: 24 })
  at!: string
}
