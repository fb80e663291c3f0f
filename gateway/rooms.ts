import type { Room } from '../platform/subgraph/room.ts'
import { health } from '../subgraphs/health/subgraph.ts'
import { orders } from '../subgraphs/orders/subgraph.ts'
import { returns } from '../subgraphs/returns/subgraph.ts'
import { routing } from '../subgraphs/routing/subgraph.ts'
import { suppliers } from '../subgraphs/suppliers/subgraph.ts'

/** The five rooms, and where each answers when it runs alone. */
export const ROOMS = { orders, returns, routing, suppliers, health } as const satisfies Record<string, Room>

export type RoomName = keyof typeof ROOMS

export const ROOM_PORTS: Readonly<Record<RoomName, number>> = {
  orders: 4001,
  returns: 4002,
  routing: 4003,
  suppliers: 4004,
  health: 4005
}

export const ROOM_NAMES = Object.keys(ROOMS) as readonly RoomName[]

/** True for the name of one of the rooms. */
export function isRoomName(name: string): name is RoomName {
  return Object.hasOwn(ROOMS, name)
}
