import { AbstractLogger } from 'typeorm'

/** TypeORM prints some failures to the console although it throws them too: whoever catches them says what is to be said. */
export class Silence extends AbstractLogger {
  protected writeLog(): void {}
}
