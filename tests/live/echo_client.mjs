// The official client, as a page or a program uses it: address, then its transports.
import { io } from "socket.io-client"

const [url, ...transports] = process.argv.slice(2)
const socket = io(url, { transports, reconnection: false })
const other = io(`${url}/other`, { transports, reconnection: false })
const once = (emitter, event) => new Promise((resolve) => emitter.once(event, resolve))

await Promise.all([once(socket, "connect"), once(other, "connect")])
if (transports.length > 1 && socket.io.engine.transport.name !== "websocket") await once(socket.io.engine, "upgrade")
const echo = once(socket, "echo")
socket.emit("echo", { text: "été", bytes: Buffer.from([0, 255]) })
const { text, bytes } = await echo
const there = once(other, "echo")
other.emit("echo", "here")
console.log(JSON.stringify({
  echoed: { text, bytes: Buffer.from(bytes).toString("hex") },
  answer: await socket.emitWithAck("twice", 21),
  other: await there,
  transport: socket.io.engine.transport.name,
}))
socket.disconnect()
other.disconnect()
