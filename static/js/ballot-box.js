// Votes without leaving the page: shown at once, and marked when they are stored. The form inside works without scripts.
import { ask, newId, number, play, socket } from "ensemble/live"

class BallotBox extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", this.#vote)
    document.addEventListener("board:stage", this.#turn)
  }

  disconnectedCallback() { document.removeEventListener("board:stage", this.#turn) }

  // While nobody can vote the buttons say so, and stay where they are for whoever stands on one.
  #turn = ({ detail }) => {
    for (const button of document.querySelectorAll("button.idea__vote")) {
      if (detail.votes) button.removeAttribute("aria-disabled")
      else button.setAttribute("aria-disabled", "true")
    }
  }

  #vote = async (event) => {
    const button = event.submitter
    // Who isn't signed in follows the form, which leads to signing in and back.
    if (!button || document.documentElement.dataset.person === undefined) return
    event.preventDefault()
    if (button.getAttribute("aria-busy") === "true") return
    if (button.getAttribute("aria-disabled") === "true") return this.#say(this.dataset.shut, true)
    const idea = Number(button.getAttribute("formaction").match(/\/ideas\/(\d+)\//)[1])
    const casting = button.getAttribute("aria-pressed") !== "true"
    show(button, casting)
    button.setAttribute("aria-busy", "true")
    // The board may tell a newer total before the answer arrives with the one of its moment.
    let told = false
    const hear = ({ votes = {}, ideas = [] }) => { told ||= idea in votes || ideas.some(({ id }) => id === idea) }
    socket.on("board.changed", hear)
    const answer = await this.#send(idea, casting)
    socket.off("board.changed", hear)
    button.removeAttribute("aria-busy")
    if (answer.ok) {
      if (!told) count(idea, answer.receipt.votes)
      if (casting && !localStorage.getItem("voted")) play(button, "joy") // The first vote of all is a small feast.
      localStorage.setItem("voted", "yes")
      this.#say(casting ? this.dataset.cast : this.dataset.withdrawn)
    } else {
      show(button, !casting)
      this.#say(answer.error?.message ?? this.dataset.unsent, true)
    }
  }

  // By socket where there is one, by fetch otherwise. Both carry the same id, so a vote that got through twice is one.
  async #send(idea, casting) {
    const id = newId()
    if (socket.connected) {
      const answer = await ask(casting ? "vote.cast" : "vote.withdraw", { idea, id }).catch(() => null)
      if (answer) return answer
    }
    const form = new FormData(this.querySelector("form"))
    form.set("id", id)
    try {
      const answer = await fetch(`/ideas/${idea}/vote${casting ? "" : "/withdrawal"}`, { method: "POST", body: form, headers: { Accept: "application/json" } })
      return { ok: answer.ok, ...(await answer.json()) }
    } catch {
      return { ok: false }
    }
  }

  #say(text, refused = false) {
    if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, refused } }))
  }
}

function count(idea, votes) {
  for (const counter of document.querySelectorAll(`[id="idea-${idea}"] .idea__votes, .idea__votes[data-idea="${idea}"]`)) counter.textContent = number(votes)
}

function show(button, kept) {
  button.setAttribute("aria-pressed", String(kept))
  const url = button.getAttribute("formaction").replace(/\/withdrawal$/, "")
  button.setAttribute("formaction", kept ? `${url}/withdrawal` : url)
}

customElements.define("ballot-box", BallotBox)
