// Node's socket.io with better-sqlite3: one commit per vote, or one for all of a few milliseconds (COMMIT_MS).
import Database from "better-sqlite3"
import { createServer } from "node:http"
import { Server } from "socket.io"

const [port, path, ideas = 200] = process.argv.slice(2)
const pause = Number(process.env.COMMIT_MS ?? 0)
const rows = new Database(path)
rows.pragma("journal_mode = WAL")
rows.pragma("synchronous = FULL")
rows.exec(`CREATE TABLE idea (id INTEGER PRIMARY KEY, votes INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE vote (idea INTEGER, voter TEXT, PRIMARY KEY (idea, voter)) WITHOUT ROWID`)
for (let number = 1; number <= Number(ideas); number++) rows.prepare("INSERT INTO idea (id) VALUES (?)").run(number)
const put = rows.prepare("INSERT OR IGNORE INTO vote VALUES (?, ?)")
const step = rows.prepare("UPDATE idea SET votes = votes + 1 WHERE id = ?")
const count = rows.transaction((votes) => {
  for (const { idea, id } of votes) if (put.run(idea, id).changes) step.run(idea)
})

const payload = (number) => ({
  campaign: "budget-2026", seq: number, votes: Object.fromEntries(Array.from({ length: 8 }, (_, place) => [100 + place, number + place])),
  ideas: [], gone: [], kinds: ["vote.cast"], counts: { ideas: 200, votes: number, comments: 12, people: 1000 },
})

let waiting = []
function settle() {
  const batch = waiting
  waiting = []
  count(batch.map(({ vote }) => vote))
  for (const { answer } of batch) answer({ ok: true })
}

const server = createServer()
const io = new Server(server, { perMessageDeflate: false })
io.on("connection", (socket) => {
  socket.on("board.watch", (data, answer) => { socket.join("board"); answer({ ok: true }) })
  socket.on("go", async (rounds) => {
    for (let number = 0; number < rounds; number++) {
      io.to("board").emit("board.changed", payload(number))
      await new Promise(setImmediate)
    }
  })
  socket.on("vote.cast", (vote, answer) => {
    if (pause && waiting.push({ vote, answer }) === 1) setTimeout(settle, pause)
    else if (!pause) { count([vote]); answer({ ok: true }) }
  })
})
server.listen({ port: Number(port), host: "127.0.0.1", backlog: 4096 }, () => console.log("ready"))
