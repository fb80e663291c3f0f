import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'

/** `apollo-server.ts MODULE SUPERGRAPH PORT`: Apollo Server over our planner and executor, in place of Apollo's gateway. */

const [module = '', file = '', port = '0'] = process.argv.slice(2)
const { oaasGateway } = await import(pathToFileURL(module).href)
const alone = { dedupe: false, subgraphs: { '*': { dedupe: false } } }
const gateway = oaasGateway({ supergraph: readFileSync(file, 'utf8'), settings: alone })
await startStandaloneServer(new ApolloServer({ gateway }), { listen: { host: '127.0.0.1', port: Number(port) } })
console.log('ready')
