// A campaign's board as the server tells it: watched anew with every connection, and what was missed meanwhile is asked for.
import { ask, socket } from "ensemble/live"

const TRY_AGAIN = 1000 // Doubles with each attempt, up to half a minute.

export class BoardFeed {
  #campaign
  #take // Called with each change and each snapshot, in their order.
  #end // Called once, when the board is no longer open to us.
  #refuse // Called when we may do less here than before, with the sentence that says why.
  #seq = 0 // null: nothing is known for sure, the next answer brings the whole board.
  #early = null // What is heard while the board is being asked for; null while nothing is.
  #round = 0
  #tries = 0
  #retry = 0
  #closed = false

  constructor(campaign, { take, end, refuse }) {
    this.#campaign = campaign
    this.#take = take
    this.#end = end
    this.#refuse = refuse
  }

  // Listen, from the number up to which the page knows everything.
  open(seq) {
    this.#seq = seq
    socket.on("connect", this.#watch).on("disconnect", this.#lost)
    socket.on("board.changed", this.#hear).on("board.stale", this.#stale).on("board.closed", this.#close)
    if (socket.connected) this.#watch()
    else socket.connect()
  }

  leave() {
    socket.off("connect", this.#watch).off("disconnect", this.#lost)
    socket.off("board.changed", this.#hear).off("board.stale", this.#stale).off("board.closed", this.#close)
    clearTimeout(this.#retry)
  }

  // Every connect asks for what was missed since the last number that was heard. Until the answer is there, what is
  // heard waits: it may be newer than the answer, and would make the answer look stale.
  #watch = async () => {
    if (this.#closed) return
    clearTimeout(this.#retry)
    const round = ++this.#round
    this.#early ??= []
    const answer = await ask("board.watch", { campaign: this.#campaign, since: this.#seq ?? undefined }).catch(() => null)
    if (round !== this.#round) return // A newer connection has asked again.
    if (!answer?.ok) return this.#unanswered(answer?.error?.code)
    this.#tries = 0
    this.#seq = answer.seq
    if (answer.snapshot) this.#take({ ...answer.snapshot, snapshot: true })
    for (const change of answer.changes ?? []) this.#take(change)
    const early = this.#early
    this.#early = null
    for (const change of early) this.#hear(change)
  }

  #unanswered(code) {
    if (code === "not_there") return this.#close({ campaign: this.#campaign })
    if (!socket.connected) return
    // Not all at the same moment, for what keeps one from being answered keeps everybody.
    const pause = Math.min(30_000, TRY_AGAIN * 2 ** this.#tries++) * (0.5 + Math.random())
    this.#retry = setTimeout(this.#watch, pause)
  }

  #lost = () => {
    clearTimeout(this.#retry)
    this.#round++ // What is still being asked for is asked again with the next connection.
    this.#early = null
  }

  // The server missed more than it keeps: everybody needs the whole board, though not in the same instant. Or we watch in
  // another role from now on, and where that is less than before, it says why.
  #stale = ({ campaign, error }) => {
    if (campaign !== this.#campaign) return
    if (error) this.#refuse?.(error.message)
    this.#seq = null
    this.#early ??= []
    this.#round++
    clearTimeout(this.#retry)
    this.#retry = setTimeout(this.#watch, TRY_AGAIN * Math.random())
  }

  #close = ({ campaign }) => {
    if (campaign !== this.#campaign || this.#closed) return
    this.#closed = true
    this.#end()
  }

  // Changes hold totals, so hearing one twice does no harm; an older one than the last is stale.
  #hear = (change) => {
    if (change.campaign !== this.#campaign || this.#closed) return
    if (this.#early) return this.#early.push(change)
    if (change.seq < this.#seq) return
    this.#seq = change.seq
    this.#take(change)
  }
}
