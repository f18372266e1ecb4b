// Votes without leaving the page: shown at once, and marked when they are stored. The form inside works without scripts.
import { countersOf, number, play, socket } from "ensemble/live"
import { VoteQueue } from "ensemble/vote-queue"

class BallotBox extends HTMLElement {
  #queue = null
  #told = new Set() // Ideas whose total the board told since their vote left: newer than the one of its receipt.

  connectedCallback() {
    this.addEventListener("submit", this.#vote)
    document.addEventListener("board:stage", this.#turn)
    const { person } = document.documentElement.dataset
    if (person === undefined) return
    for (const [event, hear] of this.#answers) document.addEventListener(event, hear)
    socket.on("board.changed", this.#hear)
    this.#queue = new VoteQueue(person, this.querySelector("form"))
    for (const idea of this.#queue.ideas) this.#show(idea) // What was kept before this page was loaded.
  }

  disconnectedCallback() {
    document.removeEventListener("board:stage", this.#turn)
    for (const [event, hear] of this.#answers) document.removeEventListener(event, hear)
    socket.off("board.changed", this.#hear)
    this.#queue?.close()
  }

  // While nobody can vote the buttons say so, and stay where they are for whoever stands on one.
  #turn = ({ detail }) => {
    for (const button of document.querySelectorAll("button.idea__vote")) {
      if (detail.votes) button.removeAttribute("aria-disabled")
      else button.setAttribute("aria-disabled", "true")
    }
  }

  #vote = (event) => {
    const button = event.submitter
    // Who isn't signed in follows the form, which leads to signing in and back.
    if (!button || !this.#queue) return
    event.preventDefault()
    if (button.getAttribute("aria-disabled") === "true") return this.#say(this.dataset.shut, true)
    const idea = Number(button.getAttribute("formaction").match(/\/ideas\/(\d+)\//)[1])
    const act = button.getAttribute("aria-pressed") === "true" ? "withdraw" : "cast"
    if (!this.#queue.put(idea, act, versionOf(idea), this.#named)) return this.#say(this.dataset.full, true)
    this.#told.delete(idea)
    this.#show(idea)
  }

  get #named() { return Boolean(this.querySelector("form").elements.named) }

  #hear = ({ votes = {}, ideas = [] }) => {
    for (const id of [...Object.keys(votes), ...ideas.map((idea) => idea.id)]) this.#told.add(Number(id))
  }

  #stored = ({ detail: { idea, act, receipt, more } }) => {
    if (!this.#told.has(idea) && receipt.votes !== undefined) count(idea, receipt.votes)
    const first = isFirst()
    for (const button of buttonsOf(idea)) {
      if (!more) settle(button)
      if (act === "cast" && first) play(button, "joy")
    }
    const following = { url: `/ideas/${idea}#following`, text: this.dataset.following }
    if (act === "cast") this.#say(this.dataset.cast, false, following)
    else this.#say(this.dataset.withdrawn)
  }

  #refused = ({ detail: { idea, act, error, kept, more } }) => {
    // What is kept waits for its voter to sign in, or for a fresh page; and so does all that is behind it.
    if (kept) for (const waiting of this.#queue.ideas) for (const button of buttonsOf(waiting)) button.dataset.unsent = ""
    if (!kept && !more) {
      for (const button of buttonsOf(idea)) {
        press(button, act !== "cast" && error?.code !== "no_vote") // It was taken back before, on another page.
        settle(button)
      }
    }
    // Not to be told to sign in, where somebody is.
    if (error?.code === "sign_in_first" && document.documentElement.dataset.another !== undefined) {
      document.dispatchEvent(new CustomEvent("person:changed"))
    } else this.#say(error?.message, true, error?.way_on)
  }

  #kept = () => this.#say(this.dataset.kept)

  #undone = ({ detail: { idea, act } }) => {
    for (const button of buttonsOf(idea)) {
      press(button, act === "cast")
      settle(button)
    }
  }

  #answers = [["vote:stored", this.#stored], ["vote:refused", this.#refused], ["vote:kept", this.#kept], ["vote:undone", this.#undone]]

  // What waits is shown as if it were stored already, but for the mark.
  #show(idea) {
    const act = this.#queue.waitsFor(idea)
    if (!act) return
    for (const button of buttonsOf(idea)) {
      press(button, act === "cast")
      button.setAttribute("aria-busy", "true")
    }
  }

  #say(text, refused = false, more = null) {
    if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, refused, more } }))
  }
}

// The first vote of all is a small feast, where the browser has room to remember that it was had.
function isFirst() {
  try {
    const first = !localStorage.getItem("voted")
    localStorage.setItem("voted", "yes")
    return first
  } catch {
    return false
  }
}

// Which version of it stands on this page.
const versionOf = (idea) => Number(document.querySelector(`idea-news[data-idea="${idea}"], #idea-${idea}`)?.dataset.version) || undefined
const buttonsOf = (idea) => document.querySelectorAll(`button.idea__vote[formaction^="/ideas/${idea}/vote"]`)

function count(idea, votes) {
  for (const counter of countersOf(idea)) counter.textContent = number(votes)
}

function press(button, kept) {
  button.setAttribute("aria-pressed", String(kept))
  const url = button.getAttribute("formaction").replace(/\/withdrawal$/, "")
  button.setAttribute("formaction", kept ? `${url}/withdrawal` : url)
}

function settle(button) {
  button.removeAttribute("aria-busy")
  delete button.dataset.unsent
}

customElements.define("ballot-box", BallotBox)
