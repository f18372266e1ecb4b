// An idea's page while it is open: the brand's answer and the idea's life follow by themselves. What the idea says changes only when
// its reader asks for it, and nobody supports words that stand there no more without having seen the new ones.
import { parse, play } from "ensemble/live"

const AGAIN = 2000 // Until we look whether somebody has left what we would change.

class IdeaNews extends HTMLElement {
  #fresh = null // The page as it is now.
  #waiting = 0

  connectedCallback() {
    document.addEventListener("board:idea", this.#warn)
    document.addEventListener("idea:fresh", this.#hear)
    document.addEventListener("board:whole", this.#ask)
    document.addEventListener("submit", this.#hold, { capture: true })
    this.#button.addEventListener("click", this.#show)
  }

  disconnectedCallback() {
    document.removeEventListener("board:idea", this.#warn)
    document.removeEventListener("idea:fresh", this.#hear)
    document.removeEventListener("board:whole", this.#ask)
    document.removeEventListener("submit", this.#hold, { capture: true })
    clearTimeout(this.#waiting)
  }

  get #button() { return this.querySelector("button") }
  get #edited() { return !this.#button.hidden }

  // After a long absence the board tells totals only: whatever else there is, is on the page.
  #ask = () => document.dispatchEvent(new CustomEvent("board:idea", { detail: { id: this.dataset.idea } }))

  // That there is another version is known at once, and what it says a little later, when the page has been asked for.
  #warn = ({ detail: { id, version } }) => {
    if (String(id) === this.dataset.idea && version !== undefined) this.#offer(String(version) !== this.dataset.version)
  }

  #hear = ({ detail }) => {
    const news = detail.querySelector("idea-news")
    if (news?.dataset.idea !== this.dataset.idea) return
    this.#fresh = detail
    this.#tell(news.dataset.answer)
    this.#apply()
    this.#offer(news.dataset.version !== this.dataset.version)
  }

  #offer(edited) {
    if (edited && !this.#edited) play(this.#button, "new")
    this.#button.hidden = !edited
    const told = this.querySelector("[role=status]")
    const said = edited ? this.dataset.edited : ""
    if (told.textContent !== said) told.textContent = said
  }

  // An answer, or a changed one, has a mark of its own: when it was written.
  #tell(answer) {
    if (answer === this.dataset.answer) return
    const text = this.dataset.answer ? this.dataset.reanswered : this.dataset.answered
    this.dataset.answer = answer
    document.dispatchEvent(new CustomEvent("toast", { detail: { text } }))
  }

  // What somebody stands on or has marked to copy waits until they have left it.
  #apply = () => {
    clearTimeout(this.#waiting)
    for (const part of document.querySelectorAll("[data-follows]")) {
      const now = this.#fresh.querySelector(`[data-follows="${part.dataset.follows}"]`)
      if (!now || sameWords(part, now)) continue
      if (inUse(part)) this.#waiting = setTimeout(this.#apply, AGAIN)
      else part.replaceChildren(...copies(now))
    }
    const [ballot, now] = [document, this.#fresh].map((page) => page.querySelector(".ballot"))
    // Whether there is something to press; how it is pressed, the reader's own page knows better.
    if (ballot && now && Boolean(ballot.querySelector("button")) !== Boolean(now.querySelector("button"))) ballot.replaceChildren(...copies(now))
  }

  #show = async () => {
    if (!this.#fresh || this.#fresh.querySelector("idea-news").dataset.version === this.dataset.version) {
      const page = await fetch(location.pathname).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null)
      if (!page) return false
      this.#fresh = parse(page)
    }
    for (const part of document.querySelectorAll("[data-says]")) {
      part.replaceChildren(...copies(this.#fresh.querySelector(`[data-says="${part.dataset.says}"]`)))
    }
    document.title = this.#fresh.querySelector("title").textContent
    this.dataset.version = this.#fresh.querySelector("idea-news").dataset.version
    this.#button.hidden = true
    this.querySelector("[role=status]").textContent = ""
    const title = document.querySelector(".idea-page__title")
    title.tabIndex = -1
    title.focus()
    return true
  }

  #hold = async (event) => {
    const button = event.submitter
    if (!this.#edited || !button?.matches(".ballot .idea__vote") || button.getAttribute("aria-pressed") === "true") return
    event.preventDefault()
    event.stopImmediatePropagation()
    const text = (await this.#show()) ? this.dataset.reread : this.dataset.edited
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, refused: true } }))
  }
}

const copies = (part) => [...document.importNode(part, true).childNodes]

// Without the distance from now, which each page tells by itself.
const sameWords = (one, other) => {
  const [a, b] = [one, other].map((part) => {
    const copy = part.cloneNode(true)
    for (const time of copy.querySelectorAll("time")) time.textContent = ""
    return copy.innerHTML.replace(/\s+/g, " ").trim()
  })
  return a === b
}

const inUse = (part) => {
  const marked = getSelection()
  return part.contains(document.activeElement) || (marked && !marked.isCollapsed && marked.containsNode(part, true))
}

customElements.define("idea-news", IdeaNews)
