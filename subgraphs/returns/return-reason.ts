import { registerEnumType } from 'type-graphql'

/** Why the buyer sends something back. */
export enum ReturnReason {
  DEFECTIVE = 'DEFECTIVE',
  DAMAGED_IN_TRANSIT = 'DAMAGED_IN_TRANSIT',
  NOT_AS_DESCRIBED = 'NOT_AS_DESCRIBED',
  WRONG_ITEM = 'WRONG_ITEM',
  SIZE_OR_FIT = 'SIZE_OR_FIT',
  UNWANTED = 'UNWANTED',
  OTHER = 'OTHER'
}

registerEnumType(ReturnReason, { name: 'ReturnReason', description: 'Why the buyer sends something back.' })
