import { startForeign } from '../../support/foreign.ts'
