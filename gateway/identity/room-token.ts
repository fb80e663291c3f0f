import { SignJWT } from 'jose'

export const ROOM_ISSUER = 'oaas-room'
const LIFETIME_SECONDS = 300

/** A short-lived token by which a room that runs alone asks the router as itself (semantics W6). */
export function roomToken(room: string, key: Buffer): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(room)
    .setIssuer(ROOM_ISSUER)
    .setAudience(ROOM_ISSUER)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + LIFETIME_SECONDS)
    .sign(key)
}
