// Listens on loopback and does what the lines on its standard input say, one answer a line, as JSON:
//   dial ADDRESS         → {"agent", "protocols"}
//   ping ADDRESS         → {"ms"}
//   echo ADDRESS BYTES   → {"bytes", "ms"}       sends a pattern, checks that it comes back
// The first line it prints tells its own peer id and addresses.
import { createInterface } from 'node:readline'
import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { tcp } from '@libp2p/tcp'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { echo } from '@libp2p/echo'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

const ECHO = '/echo/1.0.0'
const CHUNK = 64 * 1024

const node = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  connectionManager: { inboundConnectionThreshold: 100000, maxIncomingPendingConnections: 1000 },
  services: { identify: identify(), ping: ping(), echo: echo({ timeout: 600000 }) }
})

const answer = value => process.stdout.write(JSON.stringify(value) + '\n')

const identified = new Map()
node.addEventListener('peer:identify', event => identified.set(event.detail.peerId.toString(), event.detail))

async function dial (address) {
  const connection = await node.dial(multiaddr(address))
  const id = connection.remotePeer.toString()
  for (let i = 0; i < 500 && !identified.has(id); i++) {
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  const info = identified.get(id)
  return { agent: info?.agentVersion, protocols: info?.protocols }
}

// A byte's value depends on where it stands, so that loss, doubling and disorder all show.
function fill (chunk, at) {
  for (let i = 0; i < chunk.length; i++) {
    chunk[i] = ((at + i) * 31 + ((at + i) >> 13)) & 0xff
  }
  return chunk
}

async function echoed (address, total) {
  const stream = await node.dialProtocol(multiaddr(address), ECHO)
  const start = performance.now()
  let received = 0
  const reading = (async () => {
    const expected = new Uint8Array(CHUNK)
    for await (const list of stream) {
      const data = list.subarray()
      for (let from = 0; from < data.length; from += CHUNK) {
        const part = data.subarray(from, from + CHUNK)
        const want = fill(expected.subarray(0, part.length), received)
        if (Buffer.compare(part, want) !== 0) {
          throw new Error('wrong bytes after ' + received)
        }
        received += part.length
      }
    }
  })()
  for (let sent = 0; sent < total; sent += CHUNK) {
    if (!stream.send(fill(new Uint8Array(Math.min(CHUNK, total - sent)), sent))) {
      await stream.onDrain()
    }
  }
  await stream.close()
  await reading
  if (received !== total) {
    throw new Error(`${received} of ${total} bytes came back`)
  }
  return { bytes: received, ms: performance.now() - start }
}

const verbs = {
  dial,
  ping: async address => ({ ms: await node.services.ping.ping(multiaddr(address)) }),
  echo: (address, bytes) => echoed(address, Number(bytes))
}

answer({ peer: node.peerId.toString(), addresses: node.getMultiaddrs().map(String) })

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, ...rest] = line.split(' ')
  try {
    answer(await verbs[verb](...rest))
  } catch (error) {
    answer({ error: String(error?.stack ?? error) })
  }
}
process.exit(0)
