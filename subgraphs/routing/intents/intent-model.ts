/** What a note can ask of fulfilment; several may hold at once. */
export enum IntentCode {
  URGENT = 'URGENT',
  NOT_URGENT = 'NOT_URGENT',
  DELIVER_BY = 'DELIVER_BY',
  DELIVER_AFTER = 'DELIVER_AFTER',
  DELIVER_ON = 'DELIVER_ON',
  AVOID_WEEKEND = 'AVOID_WEEKEND',
  WEEKEND_ONLY = 'WEEKEND_ONLY',
  STORE_PICKUP = 'STORE_PICKUP',
  LEAVE_AT = 'LEAVE_AT',
  TO_DOOR = 'TO_DOOR',
  CALL_FIRST = 'CALL_FIRST',
  NO_CALL = 'NO_CALL',
  ADDRESS_CHANGE = 'ADDRESS_CHANGE',
  PREFER_CARRIER = 'PREFER_CARRIER',
  AVOID_CARRIER = 'AVOID_CARRIER',
  GIFT = 'GIFT',
  ELDERLY_RECIPIENT = 'ELDERLY_RECIPIENT',
  FRAGILE = 'FRAGILE',
  COLD_CHAIN = 'COLD_CHAIN',
  DISCREET = 'DISCREET',
  MERGE_SHIPMENT = 'MERGE_SHIPMENT',
  SPLIT_SHIPMENT = 'SPLIT_SHIPMENT',
  CANCEL = 'CANCEL',
  RETURN = 'RETURN',
  EXCHANGE = 'EXCHANGE',
  RESHIP = 'RESHIP',
  INVOICE = 'INVOICE'
}

export enum CarrierCode {
  SF = 'SF',
  JD = 'JD',
  YTO = 'YTO',
  ZTO = 'ZTO',
  STO = 'STO',
  YUNDA = 'YUNDA',
  EMS = 'EMS',
  DEPPON = 'DEPPON',
  JTEXPRESS = 'JTEXPRESS',
  CAINIAO = 'CAINIAO'
}

/** Free text that a customer or an agent left, with the instant against which its dates are resolved. */
export interface Note {
  readonly text: string
  /** ISO 8601 with zone. */
  readonly at: string
  /** IANA zone in which the note's days are days. */
  readonly zone: string
}

export interface DetectedIntent {
  readonly code: IntentCode
  /** 0–1: how far the evidence alone decides. */
  readonly confidence: number
  /** The evidence: [start, end) in UTF-16 units of the note's text. */
  readonly span: readonly [number, number]
  /** ISO day of DELIVER_BY, DELIVER_AFTER and DELIVER_ON; null when the wish recurs or names no day. */
  readonly date: string | null
  readonly carriers: readonly CarrierCode[]
}

/** Turns a note into intents. `version` is kept beside what it found, so that results of two models are never mixed. */
export interface IntentModel {
  readonly version: string
  detect(note: Note): readonly DetectedIntent[]
}
