// Votes on their way: kept on this device until the server says that they are stored, over a lost line and over a reload.
// Each carries the id that it was made with, so that one which got through without our knowing counts once.
import { ask, newId, socket } from "ensemble/live"

const FIRST = 500 // Milliseconds until the second try; doubles with each, up to:
const LAST = 30_000
const KEPT = 500 // Votes; more than that nobody gives without a line.
const PATIENCE = 8000 // As with an event: a line that says nothing must not hold back what the next one could carry.

export class VoteQueue {
  #place
  #form
  #votes
  #unwritten = false // The browser had no room for them: they live as long as the page.
  #sending = false
  #tries = 0
  #timer = 0

  // `person`: whose votes they are; `form`: the page's own, with its token, for the way by HTTP.
  constructor(person, form) {
    this.#place = `votes:${person}`
    this.#form = form
    this.#votes = this.#read()
    socket.on("connect", this.#now)
    addEventListener("online", this.#now)
    addEventListener("storage", this.#changed)
    this.#send()
  }

  close() {
    socket.off("connect", this.#now)
    removeEventListener("online", this.#now)
    removeEventListener("storage", this.#changed)
    clearTimeout(this.#timer)
  }

  // What waits for an idea: "cast", "withdraw", or nothing.
  waitsFor(idea) { return this.#votes.findLast((vote) => vote.idea === idea)?.act }

  get ideas() { return [...new Set(this.#votes.map((vote) => vote.idea))] }

  // Whether there was room for one more.
  // `version`: of the idea, as it stood before its voter, who may have gone when the line comes back. `named`: whether the page told them that
  // their name stands under it.
  put(idea, act, version, named) {
    this.#votes = this.#latest()
    const last = this.#votes.findLast((vote) => vote.idea === idea)
    if (last && !last.tried && last.act !== act) this.#votes.splice(this.#votes.indexOf(last), 1) // Never left: nothing to take back.
    else if (this.#votes.length >= KEPT) return false
    else this.#votes = [...this.#votes, { idea, act, id: newId(), version, named }]
    this.#write()
    if (!this.#votes.some((vote) => vote.idea === idea)) this.#tell("undone", { idea, act })
    this.#send()
    return true
  }

  #now = () => {
    this.#tries = 0
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#send, FIRST * Math.random()) // Everybody comes back in the same moment.
  }

  // Another tab sent some, or has some more to send.
  #changed = ({ key }) => { if (key === this.#place) this.#votes = this.#latest() }

  // One at a time and in their order. What fails for want of a line stays first in the queue.
  #send = async () => {
    if (this.#sending) return
    clearTimeout(this.#timer)
    this.#votes = this.#latest()
    const [vote] = this.#votes
    if (!vote) return
    this.#sending = true
    vote.tried = true
    this.#write()
    const answer = await this.#deliver(vote)
    this.#sending = false
    const error = answer?.error
    if (!answer || error?.code === "busy" || error?.code === "broken") return this.#later(vote, error?.retry_after)
    if (error?.code === "sign_in_first" || error?.code === "stale") return this.#tell("refused", { ...vote, error, kept: true })
    this.#tries = 0
    this.#votes = this.#latest().filter(({ id }) => id !== vote.id)
    this.#write()
    this.#tell(answer.ok ? "stored" : "refused", { ...vote, receipt: answer.receipt, error, more: this.waitsFor(vote.idea) })
    this.#send()
  }

  #later(vote, seconds = 0) {
    const pause = Math.max(1000 * seconds, Math.min(LAST, FIRST * 2 ** this.#tries++)) * (0.75 + Math.random() / 2)
    this.#timer = setTimeout(this.#send, pause)
    this.#tell("kept", vote)
  }

  // By socket where there is one, by fetch otherwise. Gives nothing when nobody answered.
  async #deliver({ idea, act, id, version, named }) {
    const read = act === "cast" ? { ...(version && { version }), ...(named && { named }) } : {}
    if (socket.connected) return ask(`vote.${act}`, { idea, id, ...read }).catch(() => null)
    if (!navigator.onLine) return null
    const form = new FormData(this.#form)
    form.set("id", id)
    if (read.version) form.set("version", read.version)
    if (read.named) form.set("named", "1")
    else form.delete("named") // This page may say so by now, but the voter read another.
    try {
      const url = `/ideas/${idea}/vote${act === "cast" ? "" : "/withdrawal"}`
      const asked = { method: "POST", body: form, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) }
      const answer = await fetch(url, asked)
      const said = await answer.json()
      if (answer.status === 400) said.error.code = "stale" // The page's token has ended; a fresh page sends what is kept.
      return { ok: answer.ok, ...said }
    } catch {
      return null
    }
  }

  #tell(what, detail) { document.dispatchEvent(new CustomEvent(`vote:${what}`, { detail })) }

  // With what another tab did meanwhile.
  #latest() { return this.#unwritten ? this.#votes : this.#read() }

  #read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#place) ?? "[]")
      return Array.isArray(kept) ? kept : []
    } catch {
      return this.#votes ?? [] // No storage in this browser.
    }
  }

  #write() {
    try {
      if (this.#votes.length) localStorage.setItem(this.#place, JSON.stringify(this.#votes))
      else localStorage.removeItem(this.#place)
      this.#unwritten = false
    } catch {
      this.#unwritten = true
    }
  }
}
