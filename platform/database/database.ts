import type { EntityManager, EntitySchema, MigrationInterface } from 'typeorm'

/**
 * One room's own relational database. Reads see committed data only; writes happen in `transaction`.
 * Adapters: SQLite (embedded default) and MySQL/MariaDB. Opening one runs its migrations; nothing is ever synchronised.
 */
export interface Database extends AsyncDisposable {
  readonly dialect: 'sqlite' | 'mysql'
  /** For queries. Never sees a row of a transaction that has not committed. */
  readonly reads: EntityManager
  /**
   * Runs `work` whole or not at all. Concurrent calls are safe in every adapter; a nested call is a mistake and throws.
   * `work` runs again when the database chose it as a deadlock's victim: what it collects, it collects anew.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T>
}

export interface DatabaseOptions {
  /** `sqlite:` (files in `dataDir`), `sqlite::memory:` is not offered; or `mysql://user:pw@host:3306/prefix`, with `?connections=` (default 5) in each of two pools. */
  readonly url: string
  /** Directory of SQLite files. */
  readonly dataDir: string
  /** The room: file `<name>.db` or schema `<prefix>_<name>`. */
  readonly name: string
  readonly entities: readonly (Function | EntitySchema)[]
  readonly migrations: readonly (new () => MigrationInterface)[]
}
