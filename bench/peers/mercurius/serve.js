import mercuriusGateway from '@mercuriusjs/gateway'
import Fastify from 'fastify'

// `mercurius.js PORT NAME=URL…`: Mercurius composes by itself what each subgraph publishes; it knows Federation 1.
const [port, ...named] = process.argv.slice(2)
const services = named.map(each => {
  const [name, url] = each.split('=')
  return { name, url, mandatory: true, connections: 128 }
})
const app = Fastify()
await app.register(mercuriusGateway, { gateway: { services }, jit: 1 })
await app.listen({ host: '127.0.0.1', port: Number(port) })
console.log('ready')
